import type { CaveatEffect, Message, RecordedTrace } from '../../design/index.ts';

/** A message about a trace. If it has an `effect`, it is a caveat. */
export interface Finding {
  readonly message: Message;
  readonly effect?: CaveatEffect;
}

/** What was read from a trace, before it is attached to a place in a `.npu` file. */
export interface TraceReading {
  readonly trace: Omit<RecordedTrace, 'caveats'> | undefined;
  readonly findings: readonly Finding[];
}
