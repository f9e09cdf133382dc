// The on-chip quantization unit: one bf16 weight per cycle and column becomes int8, and two neighbours of the reduction become one word
// of the array: the first in the low byte, the second in the high byte.
module quantization_unit #(
    parameter int COLUMNS = 8
) (
    input  logic                  clock,
    // A row of weights in bf16, the first or the second of a pair, with one inverse scale per column.
    input  logic                  valid,
    input  logic                  is_second,
    input  logic [COLUMNS*16-1:0] elements,
    input  logic [COLUMNS*16-1:0] inverse_scales,
    // In the cycle of the second row of a pair.
    output logic                  pairs_valid,
    output logic [COLUMNS*16-1:0] pairs
);
  assign pairs_valid = valid & is_second;
  for (genvar c = 0; c < COLUMNS; c++) begin : column
    logic [7:0] quantized, first;
    quantize_bf16 quantize (
        .element(elements[c*16 +: 16]), .inverse_scale(inverse_scales[c*16 +: 16]), .quantized
    );
    always_ff @(posedge clock) if (valid & ~is_second) first <= quantized;
    assign pairs[c*16 +: 16] = {quantized, first};
  end
endmodule
