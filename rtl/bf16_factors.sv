// What a product of two bf16 numbers needs besides the product of their significands: sign, exponent and the special cases.
//
// A number with exponent 0 counts as zero, so subnormal numbers are flushed at the inputs (DAZ).
module bf16_factors (
    input  logic [15:0]       a,
    input  logic [15:0]       b,
    output logic              sign,
    // Of the product of two significands in [1, 2), which is in [1, 4). Biased by 127, from -127 to 383.
    output logic signed [9:0] exponent,
    output logic              a_is_zero,
    output logic              b_is_zero,
    output logic              is_nan,
    output logic              is_infinite
);
  logic a_is_special, b_is_special, a_is_nan, b_is_nan;
  assign a_is_zero    = a[14:7] == 8'd0;
  assign b_is_zero    = b[14:7] == 8'd0;
  assign a_is_special = a[14:7] == 8'd255;
  assign b_is_special = b[14:7] == 8'd255;
  assign a_is_nan     = a_is_special & (a[6:0] != 7'd0);
  assign b_is_nan     = b_is_special & (b[6:0] != 7'd0);

  assign sign     = a[15] ^ b[15];
  assign exponent = $signed({2'b00, a[14:7]}) + $signed({2'b00, b[14:7]}) - 10'sd127;
  // Infinity times zero is not a number.
  assign is_nan      = a_is_nan | b_is_nan | (a_is_special & b_is_zero) | (b_is_special & a_is_zero);
  assign is_infinite = a_is_special | b_is_special;
endmodule
