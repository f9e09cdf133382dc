// One element of the weight-stationary array: two weight registers around one of three arithmetic units.
//
// Activations and three control bits move right, weights and partial sums move down, each by one element per cycle.
//
//   shift   takes the next weight from above into `waiting`, which passes on what it held
//   swap    comes with the first vector of a fold: the waiting weight becomes the active one, in this cycle
//   valid   marks a vector, so that the sums at the bottom of a column are known to be results
//
// The next weights move through `waiting` while `active` is in use: this is the double buffer that hides their load.
module processing_element #(
    // "bf16", "dual-int8" or "convertible".
    parameter ARITHMETIC = "convertible"
) (
    input  logic        clock,
    // 0: base mode, 1: burst mode. Only the convertible element reads it.
    input  logic        burst,
    input  logic [15:0] activation_in,
    input  logic        valid_in,
    input  logic        swap_in,
    input  logic        shift_in,
    input  logic [15:0] weight_in,
    input  logic [31:0] sum_in,
    output logic [15:0] activation_out,
    output logic        valid_out,
    output logic        swap_out,
    output logic        shift_out,
    output logic [15:0] weight_out,
    output logic [31:0] sum_out
);
  // The simulator keeps one copy of the code of an element instead of one per place. It compiles faster, and nothing else changes.
  /*verilator no_inline_module*/
  logic [15:0] waiting, active, weight;
  assign weight     = swap_in ? waiting : active;
  assign weight_out = waiting;

  logic [31:0] result;
  if (ARITHMETIC == "bf16") begin : arithmetic
    mac_bf16 mac (.a(activation_in), .b(weight), .partial_sum(sum_in), .result);
  end else if (ARITHMETIC == "dual-int8") begin : arithmetic
    mac_dual_int8 mac (.a(activation_in), .b(weight), .partial_sum(sum_in), .result);
  end else begin : arithmetic
    mac_convertible mac (.burst, .a(activation_in), .b(weight), .partial_sum(sum_in), .result);
  end

  always_ff @(posedge clock) begin
    if (shift_in) waiting <= weight_in;
    active         <= weight;
    activation_out <= activation_in;
    sum_out        <= result;
    valid_out      <= valid_in;
    swap_out       <= swap_in;
    shift_out      <= shift_in;
  end
endmodule
