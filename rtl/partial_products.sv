// The eight rows of partial products of an 8 x 8 multiplier, each at its place in a 17-bit sum.
//
// Unsigned, the rows add up to a * b: the significands of bf16. Signed (Baugh and Wooley, IEEE Trans. Computers 22, 1973), the products
// with exactly one sign bit are inverted, and the rows add up to a * b - 2^8 + 2^15. The adder tree of the caller adds the constant
// +2^8 - 2^15, so that two multipliers can share one tree and one constant.
//
// `enable` = 0 makes all rows zero. Tie it to 1 where the multiplier never rests.
module partial_products (
    input  logic         is_signed,
    input  logic         enable,
    input  logic [7:0]   a,
    input  logic [7:0]   b,
    output logic [8*17-1:0] rows
);
  for (genvar i = 0; i < 8; i++) begin : row
    // The products with exactly one sign bit: all but the last of the last row, and the last of each other row.
    localparam logic [7:0] INVERTED = (i == 7) ? 8'h7f : 8'h80;
    logic [7:0] products;
    assign products         = {8{enable}} & ((a & {8{b[i]}}) ^ (INVERTED & {8{is_signed}}));
    assign rows[i*17 +: 17] = 17'(products) << i;
  end
endmodule
