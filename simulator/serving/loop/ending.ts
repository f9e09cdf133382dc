/** The conditions that end a run. The first one that becomes true ends it. */
export interface Ending {
  readonly horizonSeconds: number;
  /**
   * No request arrives after this time or after this number of requests. The run continues until all of them are done.
   */
  readonly lastArrivalSeconds: number;
  readonly mostArrivals: number;
  /** The run ends immediately when this number of requests has arrived, even if some are unfinished. */
  readonly budgetArrivals: number;
}
