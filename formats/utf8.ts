/** Decodes a range of UTF-8. Invalid bytes become U+FFFD. (TextDecoder belongs to the platform, and not to the language.) */
export function readText(bytes: Uint8Array, start: number, end: number): string {
  // Names are short and nearly always ASCII. The built-in functions make and test such a name faster than a loop over its bytes.
  if (end - start <= 1024) {
    const text: string = Reflect.apply(String.fromCharCode, undefined, bytes.subarray(start, end));
    if (!beyondAscii.test(text)) return text;
  }
  return decode(bytes, start, end);
}

const beyondAscii = /[\u0080-\u00ff]/;

function decode(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let position = start;
  while (position < end) {
    const first = bytes[position++] ?? 0;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      continue;
    }
    const extra = first >= 0xf0 && first < 0xf8 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
    let code = extra === 3 ? first & 7 : extra === 2 ? first & 15 : first & 31;
    let valid = extra > 0 && first < 0xf8 && position + extra <= end;
    for (let index = 0; valid && index < extra; index++) {
      const next = bytes[position + index] ?? 0;
      if ((next & 0xc0) !== 0x80) valid = false;
      code = (code << 6) | (next & 0x3f);
    }
    if (valid && code <= 0x10ffff) {
      text += String.fromCodePoint(code);
      position += extra;
    } else {
      text += '\uFFFD';
    }
  }
  return text;
}
