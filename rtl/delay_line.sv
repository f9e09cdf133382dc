// `out` is `in`, CYCLES cycles later.
module delay_line #(
    parameter int WIDTH  = 1,
    parameter int CYCLES = 1
) (
    input  logic             clock,
    input  logic [WIDTH-1:0] in,
    output logic [WIDTH-1:0] out
);
  if (CYCLES == 0) begin : wire_only
    assign out = in;
  end else begin : registers
    logic [CYCLES*WIDTH-1:0] line;
    always_ff @(posedge clock) line <= (CYCLES*WIDTH)'({line, in});
    assign out = line[CYCLES*WIDTH-1 -: WIDTH];
  end
endmodule
