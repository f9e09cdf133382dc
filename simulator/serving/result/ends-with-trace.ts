import type { RunResult, SloOutcome, UndecidedReason } from '../../../design/index.ts';
import type { RunInput } from '../input.ts';
import { isRecorded, isRecording } from '../traffic/recording.ts';

/** The reasons for `undecided` that a longer run would remove. */
const endsByRunning: readonly UndecidedReason[] = ['straddles', 'rising', 'short-run', 'few-bursts'];

/**
 * The run with other reasons for `undecided` if it ends with a trace, because no run of this traffic is longer. This is the case if something in the
 * scenario is random: its tokens, or other traffic.
 */
export function withEndOfTrace(ran: RunResult, { serves, duration }: RunInput): RunResult {
  const traces = serves.filter(({ arrivals }) => arrivals.kind === 'trace');
  if (duration.kind !== 'auto' || traces.length === 0 || isRecording({ serves })) return ran;
  const isDrawn = !traces.every(isRecorded);
  // A trace has a largest latency if its tokens are stated.
  const reasons = isDrawn ? [...endsByRunning, 'unbounded-maximum'] : endsByRunning;
  const renamed = (outcome: SloOutcome): SloOutcome =>
    outcome.verdict === 'undecided' && reasons.includes(outcome.undecided ?? 'straddles')
      ? { ...outcome, undecided: isDrawn ? 'drawn-tokens' : 'trace-ends' }
      : outcome;
  return { ...ran, serves: ran.serves.map((serve) => ({ ...serve, slos: serve.slos.map(renamed) })) };
}
