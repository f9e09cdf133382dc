/** One request: a row of what was looked at, which stays when the looks go. */
export interface RequestFacts {
  readonly serve: number;
  readonly arrivalSeconds: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Of the wait, with a chip free, for its batch to fill. */
  readonly fillSeconds: number;
  /** Of the service, with the arrays standing still. */
  readonly switchSeconds: number;
  readonly batch: number;
  readonly batchSize: number;
  readonly chip: number;
}
