// Runs one product: loads the weights of each fold, one row per cycle, and then issues its vectors, one per cycle.
//
// With `overlaps`, the weights of the next fold load while this one streams (the model's `hidden` preload), starting in the cycle of its
// first vector. Otherwise a fold loads after the one before has left the array (`exposed`).
module array_sequencer #(
    parameter int ROWS       = 8,
    parameter int COLUMNS    = 8,
    parameter int COUNT_BITS = 16
) (
    input  logic                  clock,
    input  logic                  reset,
    // The product starts in the next cycle. Its numbers must stay while it runs. At least one fold and one vector.
    input  logic                  start,
    input  logic                  overlaps,
    input  logic [COUNT_BITS-1:0] folds,
    input  logic [COUNT_BITS-1:0] vectors,
    // The number of folds whose weights are ready.
    input  logic [COUNT_BITS-1:0] folds_ready,
    output logic                  load_valid,
    output logic                  load_last,
    output logic [COUNT_BITS-1:0] load_fold,
    output logic [COUNT_BITS-1:0] load_row,
    output logic                  vector_valid,
    output logic                  vector_first,
    output logic [COUNT_BITS-1:0] vector_fold,
    output logic [COUNT_BITS-1:0] vector_index,
    // The array will be empty in the next cycle.
    output logic                  drained
);
  localparam int LAST_ROW = ROWS - 1;
  // Cycles from the issue of a vector until its last sum leaves the last element.
  localparam int SKEW = ROWS + COLUMNS - 2;

  logic   is_running, is_loaded;
  logic [COUNT_BITS-1:0] loaded_rows, skew_left;

  // The vectors of a fold follow each other without a gap.
  assign vector_valid = is_running & (vector_fold != folds) & ((vector_index != '0) | is_loaded);
  assign vector_first = vector_index == '0;

  // The weights that wait in the array must have been swapped in, in this cycle at the latest.
  logic is_free, is_empty;
  assign is_free    = ~is_loaded | (vector_valid & vector_first);
  assign is_empty   = (skew_left == '0) & ~vector_valid;
  assign load_valid = is_running & (load_fold != folds) & (load_fold < folds_ready) & is_free & (overlaps | is_empty);
  assign load_last  = load_valid & (loaded_rows == COUNT_BITS'(LAST_ROW));
  assign load_row   = COUNT_BITS'(LAST_ROW) - loaded_rows;

  logic is_last_vector, all_issued;
  assign is_last_vector = vector_valid & (vector_index == vectors - COUNT_BITS'(1)) & (vector_fold == folds - COUNT_BITS'(1));
  assign all_issued     = is_running & (vector_fold == folds);
  assign drained        = ~is_running | (all_issued & (skew_left <= COUNT_BITS'(1))) | (is_last_vector & (SKEW == 0));

  always_ff @(posedge clock) begin
    if (reset | (drained & ~start)) is_running <= 1'b0;
    else if (start)                 is_running <= 1'b1;

    if (reset | start) begin
      is_loaded    <= 1'b0;
      loaded_rows  <= '0;
      load_fold    <= '0;
      vector_fold  <= '0;
      vector_index <= '0;
      skew_left    <= '0;
    end else begin
      if (load_valid) begin
        loaded_rows <= load_last ? '0 : loaded_rows + COUNT_BITS'(1);
        if (load_last) load_fold <= load_fold + COUNT_BITS'(1);
      end
      if (load_last)                           is_loaded <= 1'b1;
      else if (vector_valid & vector_first)    is_loaded <= 1'b0;

      if (vector_valid) begin
        vector_index <= (vector_index == vectors - COUNT_BITS'(1)) ? '0 : vector_index + COUNT_BITS'(1);
        if (vector_index == vectors - COUNT_BITS'(1)) vector_fold <= vector_fold + COUNT_BITS'(1);
      end
      if (vector_valid)             skew_left <= COUNT_BITS'(SKEW);
      else if (skew_left != '0)     skew_left <= skew_left - COUNT_BITS'(1);
    end
  end
endmodule
