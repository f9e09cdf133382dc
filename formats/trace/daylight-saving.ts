import { traceMessages } from '../messages/index.ts';
import type { RowOrder } from './row-order.ts';
import type { Finding } from './trace.ts';

/* Dates without an offset from UTC are read as UTC. If they are local times, they repeat an hour in autumn and skip one in spring. */

const hourSeconds = 3600;
/** How far the rows around a change can be from it. Our assumption: a trace that is used has a request every few minutes. */
const nearSeconds = 600;
/** A change is at or before this hour of the local day. Most zones change at 2 or 3. Our assumption. */
const lastHour = 4;
/** With more steps back of about an hour, the file has another reason for them. Our assumption: a recording of a few years. */
const mostChanges = 4;

/** A change between summer and winter time in dates without an offset. `sorted`: seconds since the first request; `startSeconds`: its time since 1970. */
export function daylightSaving(order: RowOrder, sorted: Float64Array, startSeconds: number): Finding | undefined {
  const back = order.descentsDeeperThan(hourSeconds / 2);
  const isAutumn =
    back.length > 0 &&
    back.length <= mostChanges &&
    back.every(({ depthSeconds }) => depthSeconds > hourSeconds - nearSeconds && depthSeconds <= hourSeconds);
  if (isAutumn) {
    const line = Math.min(...back.map((one) => one.line));
    return { message: traceMessages.repeatedHour({ line }), effect: { kind: 'any' } };
  }
  return skipsAnHour(sorted, startSeconds)
    ? { message: traceMessages.skippedHour(), effect: { kind: 'any' } }
    : undefined;
}

/** Whether the largest gap is an hour of the night, from full hour to full hour, and much larger than all others. */
function skipsAnHour(sorted: Float64Array, startSeconds: number): boolean {
  let largest = 0;
  let second = 0;
  let at = 0;
  for (let row = 1; row < sorted.length; row++) {
    const gap = (sorted[row] ?? 0) - (sorted[row - 1] ?? 0);
    if (gap > largest) {
      second = largest;
      largest = gap;
      at = row;
    } else if (gap > second) second = gap;
  }
  if (largest < hourSeconds || largest > hourSeconds + 2 * nearSeconds || second > nearSeconds) return false;
  const from = startSeconds + (sorted[at - 1] ?? 0);
  const skipped = Math.ceil(from / hourSeconds) * hourSeconds;
  const hour = Math.floor(skipped / hourSeconds) % 24;
  return hour < lastHour && skipped - from < nearSeconds && startSeconds + (sorted[at] ?? 0) >= skipped + hourSeconds;
}
