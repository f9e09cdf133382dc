// The arithmetic of the reconfigurable core: `mac_bf16` in base mode and `mac_dual_int8` in burst mode, on shared resources.
//
//   low multiplier    significands of bf16 (unsigned)  |  first int8 pair (signed)
//   high multiplier   rests                            |  second int8 pair
//   adder tree        the product of the significands  |  the sum of both products
//   shifter           aligns the smaller addend        |  moves the products to the places of an int32 number
//   35-bit adder      adds the significands            |  adds the int32 numbers
//   normalize, round  fp32 only
//
// So burst mode adds the high multiplier, eight bits of adder, and a multiplexer for the result.
module mac_convertible (
    input  logic        burst,
    input  logic [15:0] a,
    input  logic [15:0] b,
    input  logic [31:0] partial_sum,
    output logic [31:0] result
);
  logic sign, a_is_zero, b_is_zero, product_is_nan, product_is_infinite;
  logic signed [9:0] product_exponent;
  bf16_factors factors (
      .a, .b, .sign, .exponent(product_exponent), .a_is_zero, .b_is_zero,
      .is_nan(product_is_nan), .is_infinite(product_is_infinite)
  );

  // The low byte of a bf16 number is the last bit of its exponent and its fraction. Base mode replaces the former by the hidden one.
  logic [7:0] a_low, b_low;
  assign a_low = {burst ? a[7] : ~a_is_zero, a[6:0] & {7{burst | ~a_is_zero}}};
  assign b_low = {burst ? b[7] : ~b_is_zero, b[6:0] & {7{burst | ~b_is_zero}}};

  logic [8*17-1:0] low, high;
  logic [16:0]     product;
  partial_products low_multiplier  (.is_signed(burst), .enable(1'b1),  .a(a_low),   .b(b_low),   .rows(low));
  partial_products high_multiplier (.is_signed(1'b1),  .enable(burst), .a(a[15:8]), .b(b[15:8]), .rows(high));
  // Burst mode adds twice +2^8 - 2^15 (see `partial_products`), which is 2^9 + 2^16 in 17 bits.
  assign product = low[0*17 +: 17]  + low[1*17 +: 17]  + low[2*17 +: 17]  + low[3*17 +: 17] +
                   low[4*17 +: 17]  + low[5*17 +: 17]  + low[6*17 +: 17]  + low[7*17 +: 17] +
                   high[0*17 +: 17] + high[1*17 +: 17] + high[2*17 +: 17] + high[3*17 +: 17] +
                   high[4*17 +: 17] + high[5*17 +: 17] + high[6*17 +: 17] + high[7*17 +: 17] +
                   {burst, 6'd0, burst, 9'd0};

  logic [34:0] larger, smaller, sum, sum_plus_one;
  logic signed [9:0] exponent;
  logic subtracts, larger_sign, is_positive;
  align_addends align (
      .burst, .partial_sum, .product, .product_sign(sign), .product_exponent,
      .product_is_zero(a_is_zero | b_is_zero), .larger, .smaller, .exponent, .subtracts, .larger_sign
  );
  compound_adder #(.WIDTH(35)) adder (
      .a(larger), .b(smaller ^ {35{subtracts}}), .sum, .sum_plus_one, .carry_plus_one(is_positive)
  );

  logic [31:0] float_sum;
  float_result finish (
      .partial_sum, .sum(sum[28:0]), .sum_plus_one(sum_plus_one[28:0]), .is_positive, .exponent, .subtracts, .larger_sign,
      .product_sign(sign), .product_is_nan, .product_is_infinite, .result(float_sum)
  );
  assign result = burst ? sum[34:3] : float_sum;
endmodule
