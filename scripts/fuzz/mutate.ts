/**
 * Returns whole numbers below a bound, the same on every machine for one seed (mulberry32, Tommy Ettinger, public
 * domain).
 */
export type Stream = (below: number) => number;

export function stream(seed: number): Stream {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, below);
  };
}

/**
 * Bytes that often break parsers: limits of numbers, quotes, separators, control characters, halves of characters,
 * varints.
 */
const pieces: readonly Uint8Array[] = [
  ...[...'{}()[]:,.=<>+-*/"\'%@#;\n\r\t\\ x0'],
  ...['..', '<=', '//', '/*', '*/', '\r\n', '\u00a0', '\ufeff', '\u{1f4a5}', '\u001b[2J', '\u009b', '\u202e', '\u0000'],
  ...['1e999', '5e-324', '-1', 'NaN', 'Infinity', '99999999999999999999', '2 ** 31', '0x10', '1e308 GB/s', '15 ms'],
  ...[
    'repeat 99999 {',
    'extends C',
    'parallel { branch {',
    'residual {',
    'inputs: [a]',
    ' with ',
    'null',
    '[[[[',
    '{"a":',
  ],
]
  .map((text) => new TextEncoder().encode(text))
  .concat([
    Uint8Array.of(0xff),
    Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x01),
    Uint8Array.of(0xed, 0xa0, 0x80),
    Uint8Array.of(0x0a, 0xff, 0x7f),
  ]);

/**
 * A sample with a few pieces removed, repeated, exchanged or inserted; sometimes two samples joined. At most `most`
 * bytes.
 */
export function mutate(samples: readonly Uint8Array[], next: Stream, most = 200_000): Uint8Array {
  const pick = (): Uint8Array => samples[next(samples.length)] ?? new Uint8Array();
  let bytes = next(6) === 0 ? joined([pick(), pick()]) : pick();
  for (let edits = 1 + next(4); edits > 0; edits--) bytes = edited(bytes, pick(), next);
  return bytes.subarray(0, most);
}

function edited(bytes: Uint8Array, other: Uint8Array, next: Stream): Uint8Array {
  const at = next(bytes.length + 1);
  const removed = next(4) === 0 ? next(60) : next(4);
  const from = next(other.length + 1);
  switch (next(5)) {
    case 0: {
      const flipped = bytes.slice();
      if (at < flipped.length) flipped[at] = next(256);
      return flipped;
    }
    case 1:
      return joined([bytes.subarray(0, at), other.subarray(from, from + next(80)), bytes.subarray(at + removed)]);
    case 2: {
      // Repeats one part many times, which finds code whose time grows quadratically.
      const stretch = bytes.subarray(at, at + 1 + next(40));
      return joined([bytes.subarray(0, at), ...Array.from({ length: next(300) }, () => stretch), bytes.subarray(at)]);
    }
    case 3:
      return joined([bytes.subarray(0, at), bytes.subarray(at + removed)]);
    default:
      return joined([bytes.subarray(0, at), pieces[next(pieces.length)] ?? bytes, bytes.subarray(at + removed)]);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}
