// Sends the bf16 weights of a product through the quantization unit, fold by fold, one row of the reduction per cycle: 2 * ROWS cycles for
// a fold. The buffer behind the unit has room for two folds, so a fold waits until the array has loaded the fold before the last.
module conversion_sequencer #(
    parameter int ROWS       = 8,
    parameter int COUNT_BITS = 16
) (
    input  logic                  clock,
    input  logic                  reset,
    // The product starts in the next cycle.
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
  typedef logic [COUNT_BITS-1:0] count_t;
  logic is_running;
  // The row of the reduction, and the fold, which is also the number of folds that are converted.
  count_t row, fold;

  assign element_fold  = fold;
  assign element_row   = row;
  assign element_valid = is_running & (fold != folds) & ((fold - folds_loaded) < count_t'(2));
  assign folds_ready   = converts ? fold : folds;

  always_ff @(posedge clock) begin
    if (reset | start) begin
      is_running <= start & converts & ~reset;
      row        <= '0;
      fold       <= '0;
    end else if (element_valid) begin
      row <= (row == count_t'(LAST_ROW)) ? '0 : row + count_t'(1);
      if (row == count_t'(LAST_ROW)) fold <= fold + count_t'(1);
    end
  end
endmodule
