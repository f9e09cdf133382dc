// The control for burst mode: result = partial_sum + a[0] * b[0] + a[1] * b[1] with int8 factors and an int32 sum.
//
// All partial products and the sum are in one adder tree, with one carry propagation. The sum wraps at 32 bits. No sum of fewer than
// 65,536 pairs can do that, because a pair adds at most 2 * 128 * 128 = 2^15.
module mac_dual_int8 (
    input  logic [15:0] a,
    input  logic [15:0] b,
    input  logic [31:0] partial_sum,
    output logic [31:0] result
);
  logic [8*17-1:0] low, high;
  partial_products low_multiplier  (.is_signed(1'b1), .enable(1'b1), .a(a[7:0]),  .b(b[7:0]),  .rows(low));
  partial_products high_multiplier (.is_signed(1'b1), .enable(1'b1), .a(a[15:8]), .b(b[15:8]), .rows(high));

  // Twice +2^8 - 2^15: see `partial_products`.
  localparam logic [31:0] CORRECTION = 32'h0000_0200 - 32'h0001_0000;
  assign result = partial_sum + CORRECTION +
                  32'(low[0*17 +: 17])  + 32'(low[1*17 +: 17])  + 32'(low[2*17 +: 17])  + 32'(low[3*17 +: 17]) +
                  32'(low[4*17 +: 17])  + 32'(low[5*17 +: 17])  + 32'(low[6*17 +: 17])  + 32'(low[7*17 +: 17]) +
                  32'(high[0*17 +: 17]) + 32'(high[1*17 +: 17]) + 32'(high[2*17 +: 17]) + 32'(high[3*17 +: 17]) +
                  32'(high[4*17 +: 17]) + 32'(high[5*17 +: 17]) + 32'(high[6*17 +: 17]) + 32'(high[7*17 +: 17]);
endmodule
