/*
 * Columns of numbers travel as base64 between server and client, and in the storage of the window.
 */

/** A plain ArrayBuffer: a Node Buffer would arrive in the webview as an object of numbers. */
export function bytesOfBase64(text: string): ArrayBuffer {
  // Node's own function is many times faster. A web worker does not have it.
  if (typeof Buffer !== 'undefined') {
    const bytes = Buffer.from(text, 'base64');
    const buffer = new ArrayBuffer(bytes.length);
    new Uint8Array(buffer).set(bytes);
    return buffer;
  }
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
  return bytes.buffer;
}

/** The most bytes that one call of `String.fromCharCode` takes. Our assumption: engines allow more than 65,536 arguments. */
const pieceBytes = 2 ** 15;

export function base64OfBytes(buffer: ArrayBuffer): string {
  if (typeof Buffer !== 'undefined') return Buffer.from(buffer).toString('base64');
  const bytes = new Uint8Array(buffer);
  let letters = '';
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    letters += String.fromCharCode(...bytes.subarray(at, at + pieceBytes));
  }
  return btoa(letters);
}
