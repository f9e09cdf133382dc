import { setTimeout as sleep } from 'node:timers/promises';

/**
 * How long to wait for something that takes well under a second on an idle machine. A busy machine with two cores took 60 s.
 * Our assumption.
 */
export const PATIENCE_MS = 90_000;

/**
 * Repeats the probe until it returns something other than undefined or false. An exception of the probe means "not
 * yet", because frames and list rows disappear while the probe reads them. At the time limit, throws an error with
 * `what` and the last exception.
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  patienceMs: number = PATIENCE_MS,
): Promise<T> {
  const end = Date.now() + patienceMs;
  let last: unknown;
  do {
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await sleep(30);
  } while (Date.now() < end);
  const reason = last === undefined ? '' : `: ${last instanceof Error ? last.message : String(last)}`;
  throw new Error(`Waited ${patienceMs / 1000} s in vain for ${what}${reason}`);
}
