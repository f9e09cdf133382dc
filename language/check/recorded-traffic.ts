import { type CaveatCode, type Duration, drawsTokens, type Serve } from '../../design/index.ts';
import { scenarioMessages } from '../messages/index.ts';
import type { Reporter } from './reporter.ts';

/* Scenarios whose traffic is a recording. All of it is replayed and measured, unless the file states a shorter run or a warm-up. */

/** Whether all traffic comes from traces, and no run draws the tokens of its requests. */
export function isRecorded(serves: readonly Serve[]): boolean {
  return serves.every(
    ({ arrivals, sequences }) => arrivals.kind === 'trace' && !(sequences !== undefined && drawsTokens(sequences)),
  );
}

/** Reports each trace that is longer than the written duration. The simulator adds a caveat for it. */
export function checkCutTraces(serves: readonly Serve[], duration: Duration, reporter: Reporter): void {
  if (duration.kind === 'auto') return;
  for (const { arrivals, name: serve } of serves) {
    if (arrivals.kind !== 'trace') continue;
    const { timesSeconds, path, origin } = arrivals;
    const total = timesSeconds.length;
    // With several serves, the number of requests of each serve is known only after the run.
    if (duration.kind === 'requests' && serves.length > 1) continue;
    const replayed =
      duration.kind === 'requests'
        ? duration.count
        : timesSeconds.filter((seconds) => seconds < duration.seconds).length;
    if (replayed < total) reporter.report(origin, scenarioMessages.cutTrace({ path, replayed, total, serve }));
  }
}

/**
 * The serves with a caveat on each trace of dates without a time zone beside a trace whose zone is known: their offset is a guess. Traces that both
 * lack it have the same one (our assumption: one system recorded them).
 */
export function withZones(
  serves: readonly Serve[],
  accepts: readonly CaveatCode[],
  reporter: Reporter,
): readonly Serve[] {
  const known = serves.map(({ arrivals }) => arrivals).find((one) => one.kind === 'trace' && one.clock === 'utc');
  if (known?.kind !== 'trace') return serves;
  return serves.map((serve) => {
    const { arrivals } = serve;
    if (arrivals.kind !== 'trace' || arrivals.clock !== 'local') return serve;
    const { path, origin, caveats = [] } = arrivals;
    const message = scenarioMessages.unknownZone({ path, other: known.path });
    if (!accepts.includes('trace-zone')) reporter.report(origin, message);
    const { code, text } = message;
    const caveat = { code, text, origin, effect: { kind: 'any' } } as const;
    return { ...serve, arrivals: { ...arrivals, caveats: [...caveats, caveat] } };
  });
}
