// Sends the bf16 weights of a product through the quantization unit, fold by fold, one row of the reduction per cycle: 2 * ROWS cycles for
// a fold. The buffer behind the unit has room for two folds, so a fold waits until the array has loaded the fold before the last.
module conversion_sequencer #(
    parameter int ROWS       = 8,
    parameter int COUNT_BITS = 16
) (
    input  logic                  clock,
    input  logic                  reset,
    // The product starts in the next cycle, and `converts` says whether its weights need the unit.
    input  logic                  start,
    input  logic                  converts,
    input  logic [COUNT_BITS-1:0] folds,
    // The number of folds that the array has loaded.
    input  logic [COUNT_BITS-1:0] folds_loaded,
    output logic                  element_valid,
    output logic [COUNT_BITS-1:0] element_fold,
    output logic [COUNT_BITS-1:0] element_row,
    // The number of folds whose weights are ready: all of them if the weights need no conversion.
    output logic [COUNT_BITS-1:0] folds_ready
);
  localparam int LAST_ROW = 2 * ROWS - 1;
  logic   is_converting;
  // The row of the reduction, and the fold, which is also the number of folds that are converted.
  logic [COUNT_BITS-1:0] row, fold;

  assign element_fold  = fold;
  assign element_row   = row;
  assign element_valid = is_converting & (fold != folds) & ((fold - folds_loaded) < COUNT_BITS'(2));
  assign folds_ready   = is_converting ? fold : folds;

  always_ff @(posedge clock) begin
    if (reset | start) begin
      is_converting <= start & converts & ~reset;
      row        <= '0;
      fold       <= '0;
    end else if (element_valid) begin
      row <= (row == COUNT_BITS'(LAST_ROW)) ? '0 : row + COUNT_BITS'(1);
      if (row == COUNT_BITS'(LAST_ROW)) fold <= fold + COUNT_BITS'(1);
    end
  end
endmodule
