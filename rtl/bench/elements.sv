// The arithmetic of all elements and of one column of the quantization unit, side by side, for `elements.cpp`.
module elements (
    input  logic [15:0] a,
    input  logic [15:0] b,
    input  logic [31:0] partial_sum,
    output logic [31:0] bf16,
    output logic [31:0] dual_int8,
    output logic [31:0] convertible_base,
    output logic [31:0] convertible_burst,
    output logic [7:0]  quantized
);
  mac_bf16        unit_bf16        (.a, .b, .partial_sum, .result(bf16));
  mac_dual_int8   unit_dual_int8   (.a, .b, .partial_sum, .result(dual_int8));
  mac_convertible unit_base        (.burst(1'b0), .a, .b, .partial_sum, .result(convertible_base));
  mac_convertible unit_burst       (.burst(1'b1), .a, .b, .partial_sum, .result(convertible_burst));
  quantize_bf16   unit_quantize    (.element(a), .inverse_scale(b), .quantized);
endmodule
