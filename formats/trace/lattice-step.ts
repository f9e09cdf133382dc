/**
 * A recording shows the step of a clock such as 1/60 s, whose times were rounded when they were written, in its distances: all of them are
 * multiples of the step, apart from the rounding. With few distances, or a step of few roundings, this can be a coincidence. Our assumption:
 * with 8 distances and a step of 12 roundings, one recording in 5000 shows a step that its clock does not have.
 */
const fewestDistances = 8;
const leastRoundings = 12;
/** The shortest distance can be this many steps. Our assumption: then the mean distance is hundreds of steps. */
const mostStepsApart = 12;
/** So many rows decide, and the shortest distances among them. Our assumption: enough to see every step of a clock that the distances show. */
const mostRows = 8192;
const mostDistances = 256;

/** The step of a clock, in seconds. `times`: ascending. `rounding`: the unit in which they are written. undefined: none is visible. */
export function latticeStep(times: Float64Array, rounding: number): number | undefined {
  const distances = shortestDistances(times, rounding);
  const shortest = distances[0] ?? 0;
  if (distances.length < fewestDistances) return undefined;
  for (let steps = 1; steps <= mostStepsApart && shortest / steps >= leastRoundings * rounding; steps++) {
    const step = fittedStep(distances, shortest / steps, rounding);
    if (step !== undefined) return step;
  }
  return undefined;
}

/** The shortest distances between times, ascending, without those that are equal apart from their rounding. */
function shortestDistances(times: Float64Array, rounding: number): readonly number[] {
  const all: number[] = [];
  for (let row = 1; row < Math.min(times.length, mostRows); row++) {
    const distance = (times[row] ?? 0) - (times[row - 1] ?? 0);
    if (distance > rounding / 2) all.push(distance);
  }
  const distances: number[] = [];
  for (const distance of all.sort((a, b) => a - b)) {
    if (distance - (distances.at(-1) ?? -1) > 2.5 * rounding) distances.push(distance);
    if (distances.length === mostDistances) break;
  }
  return distances;
}

/** The step near `first` of which all distances are multiples (least squares, from the shortest distance to the longest). */
function fittedStep(distances: readonly number[], first: number, rounding: number): number | undefined {
  let step = first;
  let products = 0;
  let squares = 0;
  for (const distance of distances) {
    const multiple = Math.round(distance / step);
    // Two times are each off by half a rounding, and the step is off by the roundings of the shorter distances.
    const ofStep = multiple / Math.sqrt(Math.max(1, squares));
    if (Math.abs(distance - multiple * step) > (1.1 + ofStep) * rounding) return undefined;
    products += multiple * distance;
    squares += multiple * multiple;
    step = products / squares;
  }
  return distances.every((distance) => Math.abs(distance - Math.round(distance / step) * step) <= 1.1 * rounding)
    ? step
    : undefined;
}
