import type { Timeline } from '../../../design/index.ts';
import { BURST_STEPS, MODE_CHANGE, type StepSpans } from '../../sequences/index.ts';
import type { RunOptions } from '../input.ts';
import { BUCKETS } from '../record/buckets.ts';
import { Clock } from '../record/clock.ts';
import { BASE, BURSTING, NO_SERVE, SWITCH, TimelineRecorder } from '../record/timeline-recorder.ts';

/** The largest batch size of a segment. */
const MOST = 65535;

/** The activities of the chip from the spans of its steps. A segment is a span without a pause or a change of the mode. */
export function stepTimeline(
  spans: StepSpans | undefined,
  endSeconds: number,
  buckets: number,
  bucketSeconds: number,
  layers: number,
  {
    window,
    measuresOnly = false,
  }: Pick<RunOptions, 'measuresOnly'> & { readonly window?: RunOptions['window'] | undefined },
): Timeline {
  const clock = new Clock();
  const chip = { index: 0, activitySeconds: new Float64Array(8) };
  const recorder = new TimelineRecorder(
    [chip],
    bucketSeconds,
    { measuresOnly, ...(window === undefined ? {} : { window }) },
    clock,
  );
  // All spans are before this bucket, so each is divided among the buckets that it covers.
  recorder.enter(BUCKETS);
  const count = spans?.kind.length ?? 0;
  let number = 0;
  let wasBurst = spans?.kind[0] === BURST_STEPS;
  for (let span = 0; span < count && spans !== undefined; span++) {
    const from = (spans.startNanoseconds[span] as number) / 1e9;
    if (from >= endSeconds) break;
    clock.from = from;
    clock.to = Math.min(endSeconds, (spans.endNanoseconds[span] as number) / 1e9);
    clock.now = from;
    const kind = spans.kind[span];
    const isBurst = (kind === MODE_CHANGE ? spans.kind[span + 1] : kind) === BURST_STEPS;
    if (isBurst !== wasBurst) recorder.change(0, isBurst);
    wasBurst = isBurst;
    if (kind === MODE_CHANGE) {
      recorder.count(chip, SWITCH);
      recorder.segment(0, SWITCH, NO_SERVE, 0, 0, 0, 0);
      continue;
    }
    const activity = kind === BURST_STEPS ? BURSTING : BASE;
    recorder.count(chip, activity);
    const size = Math.min(MOST, Math.round(spans.sequences[span] as number));
    recorder.segment(0, activity, 0, size, 0, Math.min(MOST, layers - 1), ++number);
  }
  // A recorder that only counts does not divide a span.
  recorder.flush();
  return recorder.result(endSeconds, buckets);
}
