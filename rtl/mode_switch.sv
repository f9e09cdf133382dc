// The switch between base mode and burst mode. A product that needs the other mode waits until the array has drained, because all
// elements change their mode at once. Then the switch takes LATENCY cycles, in which the array does nothing.
module mode_switch #(
    parameter int LATENCY = 0
) (
    input  logic clock,
    input  logic reset,
    // The next product, and the mode that it needs.
    input  logic request_valid,
    input  logic request_burst,
    // The array will be empty in the next cycle.
    input  logic drained,
    // The product starts in the next cycle, in the mode `burst`.
    output logic start,
    output logic burst
);
  localparam int BITS = $clog2(LATENCY + 2);
  logic [BITS-1:0] waited;
  logic            must_wait;
  assign must_wait = (request_burst != burst) & (waited != BITS'(LATENCY));
  assign start     = request_valid & drained & ~must_wait;

  always_ff @(posedge clock) begin
    if (reset) begin
      burst  <= 1'b0;
      waited <= '0;
    end else if (start) begin
      burst  <= request_burst;
      waited <= '0;
    end else if (request_valid & drained) begin
      waited <= waited + BITS'(1);
    end
  end
endmodule
