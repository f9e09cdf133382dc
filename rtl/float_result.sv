// From the two results of the compound adder to the fp32 sum.
module float_result (
    input  logic [31:0]       partial_sum,
    input  logic [28:0]       sum,
    input  logic [28:0]       sum_plus_one,
    input  logic              is_positive,
    input  logic signed [9:0] exponent,
    input  logic              subtracts,
    input  logic              larger_sign,
    input  logic              product_sign,
    input  logic              product_is_nan,
    input  logic              product_is_infinite,
    output logic [31:0]       result
);
  // |larger - smaller|: see `compound_adder`.
  logic [28:0] magnitude;
  always_comb begin
    if (!subtracts)       magnitude = sum;
    else if (is_positive) magnitude = sum_plus_one;
    else                  magnitude = ~sum;
  end

  logic sum_sign, sum_is_special, sum_is_nan, sum_is_infinite;
  assign sum_sign        = partial_sum[31];
  assign sum_is_special  = partial_sum[30:23] == 8'd255;
  assign sum_is_nan      = sum_is_special & (partial_sum[22:0] != 23'd0);
  assign sum_is_infinite = sum_is_special & ~sum_is_nan;

  round_to_fp32 rounding (
      .magnitude, .exponent,
      .sign(larger_sign ^ (subtracts & ~is_positive)),
      .sign_of_zero(sum_sign & product_sign),
      .is_nan(sum_is_nan | product_is_nan | (sum_is_infinite & product_is_infinite & (sum_sign != product_sign))),
      .is_infinite(sum_is_infinite | product_is_infinite),
      .sign_of_infinity(sum_is_infinite ? sum_sign : product_sign),
      .result
  );
endmodule
