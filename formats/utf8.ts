/** Text of a UTF-8 range; what is no UTF-8 becomes U+FFFD. (TextDecoder belongs to platforms, not to the language.) */
export function readText(bytes: Uint8Array, start: number, end: number): string {
  // Names are short and nearly always ASCII: made and tested by the engine's own code, not byte by byte in ours.
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
