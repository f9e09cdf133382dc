/** When a run ends: by the first of these that comes. */
export interface Ending {
  readonly horizonSeconds: number;
  /** No request comes after this time or beyond this number; the run goes on until all are done. */
  readonly lastArrivalSeconds: number;
  readonly mostArrivals: number;
  /** The run ends at once, with requests inside, when this many have come. */
  readonly budgetArrivals: number;
}

/** How many more requests the lanes may let in: the one that ends the run is the general loop's. */
export function arrivalsLeft({ mostArrivals, budgetArrivals }: Ending, arrived: number): number {
  return Math.min(mostArrivals - arrived, budgetArrivals - arrived - 1);
}
