/** More digits than this show differences that no reader can use. */
const mostDigits = 7;

/**
 * The texts of some values, with as many digits as are needed so that different values have different texts. `textOf` writes one value with a number
 * of significant digits. The number starts at `digits` and ends at `most`.
 */
export function distinctTexts(
  values: readonly number[],
  textOf: (value: number, digits: number) => string,
  digits = 3,
  most = mostDigits,
): readonly string[] {
  const different = new Set(values).size;
  for (let count = digits; ; count++) {
    const texts = values.map((value) => textOf(value, count));
    if (count >= most || new Set(texts).size >= different) return texts;
  }
}
