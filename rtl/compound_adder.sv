// A parallel-prefix adder (see `prefix_level`) with two results from one carry network:
// `sum` = a + b and `sum_plus_one` = a + b + 1.
//
// The fp32 addition needs both: for x - y = x + ~y + 1 it takes `sum_plus_one` if x >= y, and otherwise |x - y| = ~(x + ~y). So it
// needs neither a comparison of the significands nor a second carry network. The int32 addition takes `sum`.
module compound_adder #(
    parameter int WIDTH = 35
) (
    input  logic [WIDTH-1:0] a,
    input  logic [WIDTH-1:0] b,
    output logic [WIDTH-1:0] sum,
    output logic [WIDTH-1:0] sum_plus_one,
    // The carry out of a + b + 1, which is 1 if a >= ~b.
    output logic             carry_plus_one
);
  // For up to 64 bits. In the end, bit i describes all bits from i down to 0.
  logic [WIDTH-1:0] generates0, generates1, generates2, generates3, generates4, generates5, generates;
  logic [WIDTH-1:0] propagates0, propagates1, propagates2, propagates3, propagates4, propagates5, propagates;
  assign generates0  = a & b;
  assign propagates0 = a ^ b;
  prefix_level #(.WIDTH(WIDTH), .HALF(1))  level0 (generates0, propagates0, generates1, propagates1);
  prefix_level #(.WIDTH(WIDTH), .HALF(2))  level1 (generates1, propagates1, generates2, propagates2);
  prefix_level #(.WIDTH(WIDTH), .HALF(4))  level2 (generates2, propagates2, generates3, propagates3);
  prefix_level #(.WIDTH(WIDTH), .HALF(8))  level3 (generates3, propagates3, generates4, propagates4);
  prefix_level #(.WIDTH(WIDTH), .HALF(16)) level4 (generates4, propagates4, generates5, propagates5);
  prefix_level #(.WIDTH(WIDTH), .HALF(32)) level5 (generates5, propagates5, generates, propagates);

  logic [WIDTH-2:0] carries, carries_plus_one;
  assign carries          = generates[WIDTH-2:0];
  assign carries_plus_one = generates[WIDTH-2:0] | propagates[WIDTH-2:0];
  assign sum              = propagates0 ^ {carries, 1'b0};
  assign sum_plus_one     = propagates0 ^ {carries_plus_one, 1'b1};
  assign carry_plus_one   = generates[WIDTH-1] | propagates[WIDTH-1];
endmodule
