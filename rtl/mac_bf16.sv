// The control for base mode: result = partial_sum + a * b with bf16 factors and an fp32 sum, rounded once (fused).
module mac_bf16 (
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

  logic [8*17-1:0] rows;
  logic [16:0]     product;
  partial_products multiplier (
      .is_signed(1'b0), .enable(1'b1),
      .a({~a_is_zero, a[6:0] & {7{~a_is_zero}}}), .b({~b_is_zero, b[6:0] & {7{~b_is_zero}}}), .rows
  );
  assign product = rows[0*17 +: 17] + rows[1*17 +: 17] + rows[2*17 +: 17] + rows[3*17 +: 17] +
                   rows[4*17 +: 17] + rows[5*17 +: 17] + rows[6*17 +: 17] + rows[7*17 +: 17];

  logic [34:0] larger, smaller, sum, sum_plus_one;
  logic signed [9:0] exponent;
  logic subtracts, larger_sign, is_positive;
  align_addends align (
      .burst(1'b0), .partial_sum, .product, .product_sign(sign), .product_exponent,
      .product_is_zero(a_is_zero | b_is_zero), .larger, .smaller, .exponent, .subtracts, .larger_sign
  );
  compound_adder #(.WIDTH(35)) adder (
      .a(larger), .b(smaller ^ {35{subtracts}}), .sum, .sum_plus_one, .carry_plus_one(is_positive)
  );

  float_result finish (
      .partial_sum, .sum(sum[28:0]), .sum_plus_one(sum_plus_one[28:0]), .is_positive, .exponent, .subtracts, .larger_sign,
      .product_sign(sign), .product_is_nan, .product_is_infinite, .result
  );
endmodule
