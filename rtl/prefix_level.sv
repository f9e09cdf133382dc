// One level of a parallel-prefix adder (Sklansky, IRE Trans. Electronic Computers 9, 1960): joins pairs of neighbouring blocks of HALF bits.
//
// Before, bit i of `generates` and `propagates` describes the bits from i down to the start of its block. The upper half of a joined
// block continues with what the last bit of the lower half says about all of the lower half.
module prefix_level #(
    parameter int WIDTH = 35,
    parameter int HALF  = 1
) (
    input  logic [WIDTH-1:0] generates,
    input  logic [WIDTH-1:0] propagates,
    output logic [WIDTH-1:0] generates_joined,
    output logic [WIDTH-1:0] propagates_joined
);
  logic [WIDTH-1:0] generates_below, propagates_below;
  for (genvar start = 0; start < WIDTH; start = start + 2 * HALF) begin : block
    localparam int LOWER = (start + HALF < WIDTH) ? HALF : WIDTH - start;
    assign generates_below[start +: LOWER]  = '0;
    assign propagates_below[start +: LOWER] = '1;
    if (start + HALF < WIDTH) begin : upper_half
      localparam int UPPER = (start + 2 * HALF < WIDTH) ? HALF : WIDTH - start - HALF;
      assign generates_below[start+HALF +: UPPER]  = {UPPER{generates[start+HALF-1]}};
      assign propagates_below[start+HALF +: UPPER] = {UPPER{propagates[start+HALF-1]}};
    end
  end
  assign generates_joined  = generates | (propagates & generates_below);
  assign propagates_joined = propagates & propagates_below;
endmodule
