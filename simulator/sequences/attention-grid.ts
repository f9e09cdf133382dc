import { Grid4, type GridPoint } from './interpolation.ts';

/**
 * The measured time of one layer's attention by four axes: the sum of the prefill chunks, their cached tokens, the decoding
 * sequences and their mean context. Profiles have no rows for what cannot be: no chunk with cached tokens, or no decoding
 * sequence with a context. The planes at 0 are completed so that one look-up is linear in all four axes.
 */
export function attentionGrid(points: readonly GridPoint[]): Grid4 {
  const axes = [axisOf(points, 0), axisOf(points, 1), axisOf(points, 2), axisOf(points, 3)] as const;
  const [chunks, cached, decodes, contexts] = axes;
  const size = [
    cached.length * decodes.length * contexts.length,
    decodes.length * contexts.length,
    contexts.length,
  ] as const;
  const measured = new Float64Array(chunks.length * size[0]).fill(Number.NaN);
  const indexOf = (i: number, j: number, k: number, m: number) => i * size[0] + j * size[1] + k * size[2] + m;
  const placeOn = axes.map((axis) => new Map([...axis].map((at, place) => [at, place])));
  const place = (axis: 0 | 1 | 2 | 3, at: number): number => placeOn[axis]?.get(at) ?? 0;
  for (const { at, value } of points) {
    measured[indexOf(place(0, at[0]), place(1, at[1]), place(2, at[2]), place(3, at[3]))] = value;
  }
  const value = (i: number, j: number, k: number, m: number): number => {
    const noChunk = chunks[i] === 0;
    const noDecode = decodes[k] === 0;
    // A step without work has no row. Chunks below the first measured one cost as much as it.
    if (noChunk && noDecode) return chunks.length > 1 ? value(1, j, k, m) : 0;
    // Cached tokens do not matter without a chunk, nor does a context without decoding sequences.
    const j0 = noChunk ? 0 : j;
    const m0 = noDecode ? 0 : m;
    const found = measured[indexOf(i, j0, k, m0)] as number;
    if (!Number.isNaN(found)) return found;
    return missing(i, j0, k, m0);
  };
  /** Extends the rows with fewer decoding sequences, or else with a neighbouring context, number of cached tokens or chunk. */
  const missing = (i: number, j: number, k: number, m: number): number => {
    const at = (places: readonly [number, number, number, number]) => measured[indexOf(...places)] as number;
    for (const axis of [2, 3, 1, 0] as const) {
      const place = [i, j, k, m][axis] as number;
      const along = (n: number) => {
        const moved: [number, number, number, number] = [i, j, k, m];
        moved[axis] = n;
        return at(moved);
      };
      const present: number[] = [];
      const count = axes[axis].length;
      const first = axis === 2 ? 1 : 0;
      for (let n = first; n < count; n++) if (!Number.isNaN(along(n))) present.push(n);
      const nearest = present.sort((p, q) => Math.abs(p - place) - Math.abs(q - place) || p - q);
      const [one, two] = nearest;
      if (one === undefined) continue;
      if (two === undefined || axis !== 2) return along(one);
      const x = axes[axis];
      const slope = (along(one) - along(two)) / ((x[one] as number) - (x[two] as number));
      return along(one) + slope * ((x[place] as number) - (x[one] as number));
    }
    return 0;
  };
  return new Grid4(axes, value);
}

/** All coordinates of the points on one axis, with 0, ascending. */
function axisOf(points: readonly GridPoint[], axis: 0 | 1 | 2 | 3): Float64Array {
  const found = new Set([0]);
  for (const { at } of points) found.add(at[axis]);
  return Float64Array.from(found).sort();
}
