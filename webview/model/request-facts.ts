import type { TokenCause } from '../../protocol/index.ts';

/** One request, copied from the fetched columns, so that it stays when they are replaced. */
export interface RequestFacts {
  readonly serve: number;
  readonly arrivalSeconds: number;
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** The part of its wait in which a chip was free and its batch was still filling. */
  readonly fillSeconds: number;
  /** The part of its service in which the arrays stopped to switch modes. */
  readonly switchSeconds: number;
  readonly batch: number;
  readonly batchSize: number;
  readonly chip: number;
  /** Present for a language model. */
  readonly tokens?: TokenFacts;
}

/** What a language model did for a request. */
export interface TokenFacts {
  readonly firstSeconds: number;
  readonly input: number;
  readonly output: number;
  /** The steps that computed its prompt. */
  readonly chunks: number;
  readonly preemptions: number;
  /** Seconds by cause, in the order in which each cause appears first. */
  readonly seconds: ReadonlyMap<TokenCause, number>;
}
