import type { Scenario } from '../design/index.ts';
import { unpack } from '../protocol/index.ts';
import type { TaskRunner } from './simulation-host.ts';
import type { PreviewAnswer } from './worker-messages.ts';

/** How long a preview may simulate. Our assumption: 20 values per second leave 50 ms for each, of which the check and the drawing need half. */
const mostMilliseconds = 20;
/** The requests of the first preview of a document. Our assumption: a language model simulates them in the time. */
const firstRequests = 512;
const fewestRequests = 128;
/** More would not help: most runs are decided earlier. Our assumption. */
const mostRequests = 65_536;

/** The interval of previews with plots: drawing takes longer than a preview. Our assumption: five pictures per second show a trend. */
const plotSeconds = 0.2;

/** On a slow machine, so many previews show only verdicts before one has plots. Our assumption: the verdicts are more urgent. */
const plotInterval = 3;

/** The budget of the next preview, a power of two, so that the number rests while the machine is equally fast. */
export function nextRequests(requests: number, milliseconds: number): number {
  if (milliseconds > mostMilliseconds) return Math.max(fewestRequests, requests / 2);
  // Twice the requests take at most twice the time.
  return milliseconds < mostMilliseconds / 2.5 ? Math.min(mostRequests, requests * 2) : requests;
}

/** The previews of one document: a newer one cancels an older one, and each adapts its number of requests to the speed of the machine. */
export class Previews {
  /** The most requests of each scenario in the next preview. */
  private requests = firstRequests;
  private readonly host: TaskRunner;
  private readonly now: () => number;
  /** When the plots were simulated last, in seconds of `now`. */
  private plotsAt = Number.NEGATIVE_INFINITY;
  /** How many previews without plots followed. */
  private withoutPlots = 0;
  /** Cancels the preview in progress. */
  cancel: () => void = () => undefined;

  /** `now` returns seconds of a monotonic clock. */
  constructor(host: TaskRunner, now: () => number) {
    this.host = host;
    this.now = now;
  }

  /** The answer of a preview; undefined if it was cancelled or failed. The whole run reports a failure again. */
  run(scenarios: readonly Scenario[]): Promise<PreviewAnswer | undefined> {
    this.cancel();
    const { requests } = this;
    const withPlots = this.withoutPlots >= plotInterval && this.now() - this.plotsAt >= plotSeconds;
    if (withPlots) this.plotsAt = this.now();
    this.withoutPlots = withPlots ? 0 : this.withoutPlots + 1;
    return new Promise((resolve) => {
      this.cancel = this.host.run(
        { type: 'preview', scenarios, requests, withPlots },
        {
          settle: (outcome) => {
            if (outcome.kind !== 'done') {
              resolve(undefined);
              return;
            }
            const answer = unpack<PreviewAnswer>(outcome.results);
            // Statistics for plots take time as well, which more requests would not change.
            if (!withPlots) this.requests = nextRequests(requests, answer.milliseconds);
            resolve(answer);
          },
        },
      );
    });
  }
}
