/**
 * The text of a file in UTF-16 with a byte order mark, without the mark. Some programs of Windows write it, and editors show it as text.
 * Undefined for any other file. Offsets agree with those of an editor.
 */
export function decodeUtf16(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  const isLittle = first === 0xff && second === 0xfe;
  if (!isLittle && !(first === 0xfe && second === 0xff)) return undefined;
  const [low, high] = isLittle ? [0, 1] : [1, 0];
  // One array for each piece: a call with all units as arguments would overflow the stack.
  const units = new Uint16Array(pieceUnits);
  let text = '';
  for (let at = 2; at < bytes.length; at += 2 * pieceUnits) {
    const count = Math.min(pieceUnits, Math.ceil((bytes.length - at) / 2));
    for (let index = 0; index < count; index++) {
      const unit = at + 2 * index;
      // The file can end within a unit.
      units[index] = unit + 1 < bytes.length ? ((bytes[unit + high] ?? 0) << 8) | (bytes[unit + low] ?? 0) : 0xfffd;
    }
    text += String.fromCharCode(...units.subarray(0, count));
  }
  return text;
}

const pieceUnits = 8192;

/** Whether the file looks like UTF-16 text without a byte order mark: every other byte of its first two characters is zero. */
export function isUnmarkedUtf16(bytes: Uint8Array): boolean {
  const [zero, one, two, three] = bytes;
  if (three === undefined) return false;
  return one === 0 && three === 0 ? zero !== 0 && two !== 0 : zero === 0 && two === 0 && one !== 0 && three !== 0;
}
