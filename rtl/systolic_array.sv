// The weight-stationary array: ROWS x COLUMNS elements. The reduction runs down a column, the outputs are the columns.
//
//                  weights, one row per cycle, bottom row first
//                      |  column c is c cycles later
//                      v
//   vector  ->  [ element ] -> [ element ] -> ...     row r is r cycles later
//                      |             |
//               [ element ] -> [ element ] -> ...
//                      |             |
//                      v             v
//                   results, column c is c cycles later
//
// There is no reset: ROWS + COLUMNS cycles without `load_valid` and `vector_valid` empty the array.
// In burst mode, an element holds two neighbours of the reduction, so the array holds 2 * ROWS of its elements.
module systolic_array #(
    parameter int ROWS       = 8,
    parameter int COLUMNS    = 8,
    parameter     ARITHMETIC = "convertible"
) (
    input  logic                  clock,
    input  logic                  burst,
    // One row of the next weights. `load_last` marks the ROWS-th one.
    input  logic                  load_valid,
    input  logic                  load_last,
    input  logic [COLUMNS*16-1:0] weights,
    // One vector of activations. `vector_first` marks the first one of a fold. Its weights must have been loaded, up to the cycle before.
    input  logic                  vector_valid,
    input  logic                  vector_first,
    input  logic [ROWS*16-1:0]    activations,
    output logic [COLUMNS-1:0]    result_valid,
    output logic [COLUMNS*32-1:0] results
);
  // The weights move down one row per cycle, and all of them arrive in the same cycle, that of `load_last`. So row r shifts r cycles
  // after the first row, until then. All later rows wait with their weight until the first vector reaches them.
  logic [ROWS-1:0] shifts;
  assign shifts[0] = load_valid;
  for (genvar r = 1; r < ROWS; r++) begin : shift_wave
    logic reached;
    always_ff @(posedge clock) reached <= shifts[r-1] & ~load_last;
    assign shifts[r] = reached;
  end

  // Wires between elements. `right` of (r, c) is at r * (COLUMNS + 1) + c, `down` of (r, c) is at r * COLUMNS + c.
  logic [ROWS*(COLUMNS+1)*16-1:0] activation;
  logic [ROWS*(COLUMNS+1)-1:0]    valid, swap, shift;
  logic [(ROWS+1)*COLUMNS*16-1:0] weight;
  logic [(ROWS+1)*COLUMNS*32-1:0] sum;

  for (genvar r = 0; r < ROWS; r++) begin : left_edge
    delay_line #(.WIDTH(18), .CYCLES(r)) skew (
        .clock, .in({vector_valid, vector_valid & vector_first, activations[r*16 +: 16]}),
        .out({valid[r*(COLUMNS+1)], swap[r*(COLUMNS+1)], activation[r*(COLUMNS+1)*16 +: 16]})
    );
    assign shift[r*(COLUMNS+1)] = shifts[r];
  end
  for (genvar c = 0; c < COLUMNS; c++) begin : top_edge
    delay_line #(.WIDTH(16), .CYCLES(c)) skew (.clock, .in(weights[c*16 +: 16]), .out(weight[c*16 +: 16]));
    // Partial sums of other folds are added outside of the array.
    assign sum[c*32 +: 32] = 32'd0;
  end

  for (genvar r = 0; r < ROWS; r++) begin : row
    for (genvar c = 0; c < COLUMNS; c++) begin : column
      localparam int RIGHT = r * (COLUMNS + 1) + c;
      localparam int DOWN  = r * COLUMNS + c;
      processing_element #(.ARITHMETIC(ARITHMETIC)) element (
          .clock, .burst,
          .activation_in(activation[RIGHT*16 +: 16]), .activation_out(activation[(RIGHT+1)*16 +: 16]),
          .valid_in(valid[RIGHT]), .valid_out(valid[RIGHT+1]),
          .swap_in(swap[RIGHT]), .swap_out(swap[RIGHT+1]),
          .shift_in(shift[RIGHT]), .shift_out(shift[RIGHT+1]),
          .weight_in(weight[DOWN*16 +: 16]), .weight_out(weight[(DOWN+COLUMNS)*16 +: 16]),
          .sum_in(sum[DOWN*32 +: 32]), .sum_out(sum[(DOWN+COLUMNS)*32 +: 32])
      );
    end
  end

  assign results = sum[ROWS*COLUMNS*32 +: COLUMNS*32];
  for (genvar c = 0; c < COLUMNS; c++) begin : bottom_edge
    assign result_valid[c] = valid[(ROWS-1)*(COLUMNS+1) + c + 1];
  end
endmodule
