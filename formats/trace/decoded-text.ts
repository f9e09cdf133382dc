import { readText } from '../utf8.ts';

/* Records keep one character for each byte. Names and values that a `.npu` file states are compared as text. */

/** UTF-8 as text, or ISO 8859-1 if the bytes are no UTF-8, as in files of older spreadsheets. `bytes`: one character for each byte. */
export function decoded(bytes: string): string {
  if (!/[\u0080-\u00ff]/u.test(bytes)) return bytes;
  const text = readText(
    Uint8Array.from(bytes, (one) => one.charCodeAt(0)),
    0,
    bytes.length,
  );
  return text.includes('\ufffd') ? bytes : text;
}

/** The name of a JSON field, which may have escapes such as `\u65f6`. */
export function decodedName(bytes: string): string {
  const text = decoded(bytes);
  if (!text.includes('\\')) return text;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
