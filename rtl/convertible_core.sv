// The reconfigurable core of the paper: array, mode switch and quantization unit, with the state machines that feed them.
//
// A command is one product. Memories are outside: the core names a row of weights or a vector, and gets it in the same cycle. So the core
// runs at the speed of its arrays, which is what `simulator/hardware/array-timing.ts` counts.
module convertible_core #(
    parameter int ROWS           = 8,
    parameter int COLUMNS        = 8,
    parameter int COUNT_BITS     = 16,
    parameter int SWITCH_LATENCY = 0,
    parameter     ARITHMETIC     = "convertible"
) (
    input  logic                  clock,
    // At least ROWS + COLUMNS cycles at the start.
    input  logic                  reset,
    // The next product. It must stay until `command_ready`, and starts in the cycle after.
    input  logic                  command_valid,
    output logic                  command_ready,
    input  logic                  command_burst,
    // The weights are in bf16 and pass the quantization unit. Only in burst mode.
    input  logic                  command_converts,
    input  logic                  command_overlaps,
    input  logic [COUNT_BITS-1:0] command_folds,
    input  logic [COUNT_BITS-1:0] command_vectors,
    // Weights in the format of the mode.
    output logic                  weights_read,
    output logic [COUNT_BITS-1:0] weights_fold,
    output logic [COUNT_BITS-1:0] weights_row,
    input  logic [COLUMNS*16-1:0] weights,
    // Weights that pass the quantization unit.
    output logic                  elements_read,
    output logic [COUNT_BITS-1:0] elements_fold,
    output logic [COUNT_BITS-1:0] elements_row,
    input  logic [COLUMNS*16-1:0] elements,
    input  logic [COLUMNS*16-1:0] inverse_scales,
    output logic                  vector_read,
    output logic [COUNT_BITS-1:0] vector_fold,
    output logic [COUNT_BITS-1:0] vector_index,
    input  logic [ROWS*16-1:0]    activations,
    output logic [COLUMNS-1:0]    result_valid,
    output logic [COLUMNS*32-1:0] results,
    output logic                  burst
);
  logic drained, start;
  mode_switch #(.LATENCY(SWITCH_LATENCY)) switch (
      .clock, .reset, .request_valid(command_valid), .request_burst(command_burst), .drained, .start, .burst
  );
  assign command_ready = start;

  logic   converts, overlaps;
  logic [COUNT_BITS-1:0] folds, vectors;
  always_ff @(posedge clock) begin
    if (start) begin
      converts <= command_converts;
      overlaps <= command_overlaps;
      folds    <= command_folds;
      vectors  <= command_vectors;
    end
  end

  logic   load_valid, load_last, vector_first;
  logic [COUNT_BITS-1:0] load_fold, load_row, folds_ready;
  array_sequencer #(.ROWS(ROWS), .COLUMNS(COLUMNS), .COUNT_BITS(COUNT_BITS)) sequencer (
      .clock, .reset, .start, .overlaps, .folds, .vectors, .folds_ready, .load_valid, .load_last, .load_fold, .load_row,
      .vector_valid(vector_read), .vector_first, .vector_fold, .vector_index, .drained
  );
  conversion_sequencer #(.ROWS(ROWS), .COUNT_BITS(COUNT_BITS)) conversion (
      .clock, .reset, .start, .converts(command_converts), .folds, .folds_loaded(load_fold),
      .element_valid(elements_read), .element_fold(elements_fold), .element_row(elements_row), .folds_ready
  );

  logic                  pairs_valid;
  logic [COLUMNS*16-1:0] pairs;
  quantization_unit #(.COLUMNS(COLUMNS)) quantization (
      .clock, .valid(elements_read), .is_second(elements_row[0]), .elements, .inverse_scales, .pairs_valid, .pairs
  );

  // Two folds of converted weights: a part of VMEM.
  logic [COLUMNS*16-1:0] converted [0:2*ROWS-1];
  always_ff @(posedge clock) begin
    if (pairs_valid) converted[{31'd0, elements_fold[0]} * ROWS + 32'(elements_row[COUNT_BITS-1:1])] <= pairs;
  end

  assign weights_read = load_valid & ~converts;
  assign weights_fold = load_fold;
  assign weights_row  = load_row;
  systolic_array #(.ROWS(ROWS), .COLUMNS(COLUMNS), .ARITHMETIC(ARITHMETIC)) array (
      .clock, .burst, .load_valid, .load_last,
      .weights(converts ? converted[{31'd0, load_fold[0]} * ROWS + 32'(load_row)] : weights),
      .vector_valid(vector_read), .vector_first, .activations, .result_valid, .results
  );
endmodule
