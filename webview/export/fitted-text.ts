const ellipsis = '\u2026';

/** The text, cut at its end so that it is at most `width` CSS pixels wide in the font of the context. A name can have 1,000 characters. */
export function fittedText(
  context: Pick<CanvasRenderingContext2D, 'measureText'>,
  text: string,
  width: number,
): string {
  const fits = (candidate: string): boolean => context.measureText(candidate).width <= width;
  if (fits(text)) return text;
  const characters = [...text];
  let fitting = 0;
  let tooMany = characters.length;
  while (tooMany - fitting > 1) {
    const middle = (fitting + tooMany) >> 1;
    if (fits(characters.slice(0, middle).join('') + ellipsis)) fitting = middle;
    else tooMany = middle;
  }
  return characters.slice(0, fitting).join('') + ellipsis;
}
