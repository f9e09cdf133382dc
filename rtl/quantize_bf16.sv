// One column of the quantization unit: int8 = saturate(round(element * inverse_scale)), ties to even.
//
// The product of two significands is exact, so the result is rounded once. Infinity saturates, NaN becomes 0, and a subnormal factor
// counts as zero. The range is -128 to 127.
module quantize_bf16 (
    input  logic [15:0] element,
    // 1 / scale in bf16. Choose the scale so that this is exact, because the products are divided by it again later.
    input  logic [15:0] inverse_scale,
    output logic [7:0]  quantized
);
  logic sign, element_is_zero, scale_is_zero, is_nan, is_infinite;
  logic signed [9:0] exponent;
  bf16_factors factors (
      .a(element), .b(inverse_scale), .sign, .exponent, .a_is_zero(element_is_zero), .b_is_zero(scale_is_zero), .is_nan, .is_infinite
  );

  logic [8*17-1:0] rows;
  logic [15:0]     product;
  partial_products multiplier (.is_signed(1'b0), .enable(1'b1), .a({1'b1, element[6:0]}), .b({1'b1, inverse_scale[6:0]}), .rows);
  assign product = rows[0*17 +: 16] + rows[1*17 +: 16] + rows[2*17 +: 16] + rows[3*17 +: 16] +
                   rows[4*17 +: 16] + rows[5*17 +: 16] + rows[6*17 +: 16] + rows[7*17 +: 16];

  // The product is product / 2^14 * 2^(exponent - 127). From 2^7 on it saturates. Below 4 * 2^-3 = 0.5 it rounds to zero.
  localparam logic signed [9:0] LARGEST = 10'sd127 + 10'sd6;
  logic signed [9:0] places;
  logic is_large, is_small;
  assign places   = LARGEST - exponent;
  assign is_large = places < 10'sd0;
  assign is_small = places > 10'sd8;

  // Eight bits before the point and eight after it. `sticky` keeps whether a one was shifted out.
  logic [15:0] by8, by4, by2, by1;
  logic        sticky;
  assign by8 = places[3] ? {8'd0, product[15:8]} : product;
  assign by4 = places[2] ? {4'd0, by8[15:4]} : by8;
  assign by2 = places[1] ? {2'd0, by4[15:2]} : by4;
  assign by1 = places[0] ? {1'd0, by2[15:1]} : by2;
  assign sticky = (places[3] & (product[7:0] != 8'd0)) | (places[2] & (by8[3:0] != 4'd0)) |
                  (places[1] & (by4[1:0] != 2'd0)) | (places[0] & by2[0]);

  logic       rounds_up;
  logic [8:0] magnitude;
  assign rounds_up = by1[7] & (by1[8] | (by1[6:0] != 7'd0) | sticky);
  assign magnitude = {1'b0, by1[15:8]} + 9'(rounds_up);

  always_comb begin
    if (is_nan | element_is_zero | scale_is_zero)             quantized = 8'd0;
    else if (is_infinite | is_large)                          quantized = sign ? 8'h80 : 8'h7f;
    else if (is_small)                                        quantized = 8'd0;
    else if (magnitude >= 9'd128)                             quantized = sign ? 8'h80 : 8'h7f;
    else                                                      quantized = sign ? ~magnitude[7:0] + 8'd1 : magnitude[7:0];
  end
endmodule
