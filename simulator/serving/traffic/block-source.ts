/**
 * A source of numbers in ascending order. It returns them in blocks, so the event loop calls this interface only once for
 * some hundred requests. Arrival sources return absolute times in seconds.
 */
export interface BlockSource {
  /**
   * Writes the places [from, to) of `target` and returns the number that it wrote. A smaller number means that the
   * source ended.
   */
  fill(target: Float64Array, from: number, to: number): number;
}
