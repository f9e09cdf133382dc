// A parallel-prefix adder (Sklansky, IRE Trans. Electronic Computers 9, 1960) with two results from one carry network:
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
  // After each step, bit i of `generates` and `propagates` stands for the bits from i down to the start of its block of `half` * 2 bits.
  // In the end, for all bits from i down to 0.
  logic [WIDTH-1:0] generates, propagates;
  always_comb begin
    generates  = a & b;
    propagates = a ^ b;
    for (int half = 1; half < WIDTH; half = 2 * half) begin
      for (int i = 0; i < WIDTH; i = i + 1) begin
        if (((i / half) % 2) == 1) begin
          // The last bit of the lower half of the block. This step does not change it.
          generates[i]  = generates[i] | (propagates[i] & generates[(i / half) * half - 1]);
          propagates[i] = propagates[i] & propagates[(i / half) * half - 1];
        end
      end
    end
  end

  logic [WIDTH-2:0] carries, carries_plus_one;
  assign carries          = generates[WIDTH-2:0];
  assign carries_plus_one = generates[WIDTH-2:0] | propagates[WIDTH-2:0];
  assign sum              = a ^ b ^ {carries, 1'b0};
  assign sum_plus_one     = a ^ b ^ {carries_plus_one, 1'b1};
  assign carry_plus_one   = generates[WIDTH-1] | propagates[WIDTH-1];
endmodule
