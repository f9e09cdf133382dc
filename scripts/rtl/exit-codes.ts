/** The exit code of `npm run rtl` if Verilator or Yosys is missing and cannot be installed. */
export const toolsMissing = 3;
