/**
 * The volume that points dominate up to a reference point; smaller is better in each goal. It cuts the last goal into slices, and each slice is a
 * hypervolume of one goal less.
 */
export function hypervolume(points: readonly (readonly number[])[], reference: readonly number[]): number {
  const [limit = 0] = reference.slice(-1);
  const inside = points.filter((point) => point.every((value, goal) => value < (reference[goal] ?? 0)));
  if (reference.length === 1) return inside.reduce((most, [value = limit]) => Math.max(most, limit - value), 0);
  const last = reference.length - 1;
  const sorted = inside.toSorted((a, b) => (a[last] ?? 0) - (b[last] ?? 0));
  if (reference.length === 2) {
    // From the smallest second goal on, the best first goal so far.
    let volume = 0;
    let best = reference[0] ?? 0;
    for (const [first = 0, second = 0] of sorted) {
      if (first >= best) continue;
      volume += (best - first) * (limit - second);
      best = first;
    }
    return volume;
  }
  let volume = 0;
  let slice: (readonly number[])[] = [];
  for (const [at, point] of sorted.entries()) {
    const flat = point.slice(0, last);
    if (!slice.some((other) => other.every((value, goal) => value <= (flat[goal] ?? 0)))) {
      slice = slice.filter((other) => !flat.every((value, goal) => value <= (other[goal] ?? 0)));
      slice.push(flat);
    }
    const end = sorted[at + 1]?.[last] ?? limit;
    const height = end - (point[last] ?? 0);
    if (height > 0) volume += height * hypervolume(slice, reference.slice(0, last));
  }
  return volume;
}
