import type { CaveatEffect, Message, RecordedTrace } from '../../design/index.ts';

/** Something to say about a trace. `effect`: of a caveat. */
export interface Finding {
  readonly message: Message;
  readonly effect?: CaveatEffect;
}

/** What was read of a trace, before it has a place in a text. */
export interface TraceReading {
  readonly trace: Omit<RecordedTrace, 'caveats'> | undefined;
  readonly findings: readonly Finding[];
}
