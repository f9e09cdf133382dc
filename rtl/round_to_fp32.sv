// Normalizes a sum, rounds it to the nearest fp32 number (ties to even), and puts the special cases in.
//
// A result below the normal range becomes zero with its sign (FTZ). A result above it becomes infinity. NaN is always 0x7fc00000.
module round_to_fp32 (
    // As in `align_addends`: three bits before the point, 23 after it, then guard, round and sticky bit.
    input  logic [28:0]       magnitude,
    input  logic signed [9:0] exponent,
    input  logic              sign,
    // The sign of a sum that is exactly zero.
    input  logic              sign_of_zero,
    input  logic              is_nan,
    input  logic              is_infinite,
    input  logic              sign_of_infinity,
    output logic [31:0]       result
);
  // Moves the first one to bit 28. The five `zero` bits are the number of places.
  logic [28:0] by16, by8, by4, by2, by1;
  logic        zero16, zero8, zero4, zero2, zero1;
  assign zero16 = magnitude[28:13] == 16'd0;
  assign by16   = zero16 ? {magnitude[12:0], 16'd0} : magnitude;
  assign zero8  = by16[28:21] == 8'd0;
  assign by8    = zero8 ? {by16[20:0], 8'd0} : by16;
  assign zero4  = by8[28:25] == 4'd0;
  assign by4    = zero4 ? {by8[24:0], 4'd0} : by8;
  assign zero2  = by4[28:27] == 2'd0;
  assign by2    = zero2 ? {by4[26:0], 2'd0} : by4;
  assign zero1  = ~by2[28];
  assign by1    = zero1 ? {by2[27:0], 1'b0} : by2;

  logic is_zero, rounds_up;
  assign is_zero   = ~by1[28];
  assign rounds_up = by1[4] & (by1[5] | (by1[3:0] != 4'd0));

  // Bit 28 is worth four, so the exponent grows by two. A carry out of the fraction goes into the exponent, where it belongs.
  logic signed [9:0] normalized;
  logic [32:0]       rounded;
  assign normalized = exponent + 10'sd2 - $signed({5'd0, zero16, zero8, zero4, zero2, zero1});
  assign rounded    = {normalized, by1[27:5]} + 33'(rounds_up);

  logic signed [9:0] rounded_exponent;
  logic overflows, underflows;
  assign rounded_exponent = rounded[32:23];
  assign overflows  = rounded_exponent >= 10'sd255;
  assign underflows = rounded_exponent <= 10'sd0;

  always_comb begin
    if (is_nan)                       result = 32'h7fc00000;
    else if (is_infinite)             result = {sign_of_infinity, 31'h7f800000};
    else if (is_zero)                 result = {sign_of_zero, 31'd0};
    else if (overflows)               result = {sign, 31'h7f800000};
    else if (underflows)              result = {sign, 31'd0};
    else                              result = {sign, rounded[30:0]};
  end
endmodule
