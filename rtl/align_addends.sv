// Brings the partial sum and a product to one exponent, so that one adder can add them.
//
// Both modes use the window of 35 bits that the adder has:
//
//   bit       34 ...... 29 28 27 26 25 ............... 3 2 1 0
//   fp32                  [ 4  2  1 . 23 bits of fraction ] G R S    significands, guard, round and sticky bit
//   int32    [ 31 ......................................0 ] 0 0 0
//
// The fraction of an fp32 number and the low bits of an int32 number have the same places, so the partial sum needs no multiplexer.
// In burst mode, the shifter that aligns products in base mode moves the int8 products nine places down, and extends their sign.
module align_addends (
    // 1: int32 addition (burst mode), 0: fp32 addition (base mode).
    input  logic              burst,
    input  logic [31:0]       partial_sum,
    // Base mode: the product of two significands, two bits before the point and 14 after it. Burst mode: signed.
    input  logic [16:0]       product,
    input  logic              product_sign,
    input  logic signed [9:0] product_exponent,
    input  logic              product_is_zero,
    // The addend with the larger exponent, and the other one, shifted. Their sizes can be the other way round if the exponents are close.
    output logic [34:0]       larger,
    output logic [34:0]       smaller,
    output logic signed [9:0] exponent,
    output logic              subtracts,
    output logic              larger_sign
);
  logic sum_sign, sum_is_number, sum_is_larger;
  logic signed [9:0] sum_exponent, difference;
  assign sum_sign      = partial_sum[31];
  assign sum_exponent  = $signed({2'b00, partial_sum[30:23]});
  // Exponent 0 is zero: subnormal partial sums are flushed. They do not occur inside an array, which never produces one.
  assign sum_is_number = partial_sum[30:23] != 8'd0;
  assign difference    = sum_exponent - product_exponent;
  assign sum_is_larger = burst | product_is_zero | ~difference[9];

  logic [34:0] sum_window, product_window;
  assign sum_window = {
    {8{burst}} & partial_sum[31:24],
    burst ? partial_sum[23] : sum_is_number,
    {23{burst | sum_is_number}} & partial_sum[22:0],
    3'b000
  };
  assign product_window = {6'b0, product, 12'b0};

  assign larger      = sum_is_larger ? sum_window : product_window;
  assign exponent    = sum_is_larger ? sum_exponent : product_exponent;
  assign larger_sign = sum_is_larger ? sum_sign : product_sign;
  assign subtracts   = ~burst & (sum_sign ^ product_sign);

  // If the product is larger, ~difference is one less than the distance. The wires of the partial sum add the missing place.
  logic [28:0] unshifted;
  logic [9:0]  distance;
  logic [4:0]  places;
  logic        is_far, fill;
  assign unshifted = sum_is_larger ? product_window[28:0] : {1'b0, sum_window[28:1]};
  assign distance  = difference ^ {10{~sum_is_larger}};
  assign places    = burst ? 5'd9 : distance[4:0];
  assign is_far    = ~burst & (distance[9:5] != 5'd0);
  assign fill      = burst & product[16];

  // A right shift by 16, 8, 4, 2 and 1 that keeps in `sticky` whether a one was lost.
  logic [28:0] by16, by8, by4, by2, by1;
  logic        sticky;
  assign by16 = places[4] ? {{16{fill}}, unshifted[28:16]} : unshifted;
  assign by8  = places[3] ? {{8{fill}}, by16[28:8]} : by16;
  assign by4  = places[2] ? {{4{fill}}, by8[28:4]} : by8;
  assign by2  = places[1] ? {{2{fill}}, by4[28:2]} : by4;
  assign by1  = places[0] ? {fill, by2[28:1]} : by2;
  assign sticky = (places[4] & (unshifted[15:0] != 16'd0)) | (places[3] & (by16[7:0] != 8'd0)) |
                  (places[2] & (by8[3:0] != 4'd0)) | (places[1] & (by4[1:0] != 2'd0)) | (places[0] & by2[0]);

  assign smaller = is_far ? {34'd0, unshifted != 29'd0} : {{6{fill}}, by1[28:1], by1[0] | sticky};
endmodule
