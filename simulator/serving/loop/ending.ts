/** When a run ends: by the first of these that comes. */
export interface Ending {
  readonly horizonSeconds: number;
  /** No request comes after this time or beyond this number; the run goes on until all are done. */
  readonly lastArrivalSeconds: number;
  readonly mostArrivals: number;
  /** The run ends at once, with requests inside, when this many have come. */
  readonly budgetArrivals: number;
}
