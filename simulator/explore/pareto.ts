/**
 * The Pareto front: the points that no other point beats. A point beats another one if it is at least as good in each column and
 * better in one. Larger values are better. `eligible` is 1 for the points that take part. They must have a number in each column.
 * Points with equal columns are in the front together.
 */
export function paretoFront(columns: readonly Float64Array[], eligible: Uint8Array): Uint8Array {
  const front = new Uint8Array(eligible.length);
  const [first, second, ...others] = columns;
  if (first === undefined) return front;
  // In this order, each point that beats another one comes before it. So it is enough to compare a point with the front
  // so far.
  const order = [...eligible.keys()].filter((point) => eligible[point] === 1);
  order.sort((a, b) => {
    for (const column of columns) {
      const difference = at(column, b) - at(column, a);
      if (difference !== 0) return difference;
    }
    return a - b;
  });
  if (second !== undefined && others.length > 0) {
    const found: number[] = [];
    for (const point of order) {
      if (found.some((other) => beats(columns, other, point))) continue;
      found.push(point);
      front[point] = 1;
    }
    return front;
  }
  // With one or two columns, it is enough to compare with the last point of the front.
  let last: number | undefined;
  for (const point of order) {
    const isBeaten =
      last !== undefined &&
      !(second === undefined ? at(first, point) === at(first, last) : at(second, point) > at(second, last)) &&
      !columns.every((column) => at(column, point) === at(column, last ?? point));
    if (isBeaten) continue;
    front[point] = 1;
    last = point;
  }
  return front;
}

function beats(columns: readonly Float64Array[], a: number, b: number): boolean {
  let isBetter = false;
  for (const column of columns) {
    const difference = at(column, a) - at(column, b);
    if (difference < 0) return false;
    if (difference > 0) isBetter = true;
  }
  return isBetter;
}

function at(column: Float64Array, point: number): number {
  return column[point] as number;
}
