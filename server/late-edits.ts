import { soon } from './timers.ts';

/**
 * Rounds of the event loop that handle a message which has already arrived: one to read it and one to handle it, and
 * two more for a second message.
 */
const rounds = 4;

/** The longest time that new edits can delay the check of earlier ones. Our assumption: a reader of diagnostics accepts it. */
const mostMilliseconds = 1000;

/**
 * During a burst, a check begins only after a pause of this many times the duration of the last check. Otherwise, a
 * client that sends edits about as fast as the server reads them would cause a check for every few edits. It is a burst
 * if the last check saw several edits. Our assumption.
 */
const restFactor = 4;

/**
 * Edits that wait for their check. The check begins when no message has arrived for a few rounds of the event loop. So
 * a burst of edits causes one check of the newest text, and a user who types gets a completion first.
 */
export class LateEdits {
  private readonly uris = new Set<string>();
  private readonly waiting: (() => void)[] = [];
  private readonly check: (uri: string) => void;
  private readonly failed: (error: unknown) => void;
  private left = 0;
  private addedFirstAt = 0;
  /** Edits since the last check. */
  private edits = 0;
  /** In milliseconds of a monotonic clock. */
  private restsUntil = 0;

  /** `check` checks a document and publishes its diagnostics. An error in it is a bug, which must not end the server. */
  constructor(check: (uri: string) => void, failed: (error: unknown) => void) {
    this.check = check;
    this.failed = failed;
  }

  add(uris: readonly string[]): void {
    for (const uri of uris) this.uris.add(uri);
    this.edits++;
    const isBegun = this.left > 0;
    if (!isBegun) this.addedFirstAt = performance.now();
    if (performance.now() - this.addedFirstAt < mostMilliseconds) this.left = rounds;
    if (!isBegun) this.wait();
  }

  /** Checks the edits now, for callers that need the result. */
  flush(): void {
    const startedAt = performance.now();
    this.checkNow([...this.uris]);
    const endedAt = performance.now();
    this.restsUntil = this.edits > 1 ? endedAt + restFactor * (endedAt - startedAt) : 0;
    this.edits = 0;
  }

  /** As `flush`, for these documents. The others wait, so that many documents that are opened together cause one check of each importer. */
  flushOf(uris: readonly string[]): void {
    this.checkNow(uris.filter((uri) => this.uris.has(uri)));
  }

  /** Resolves when all edits so far have been checked. */
  async checked(): Promise<void> {
    if (this.uris.size > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private checkNow(uris: readonly string[]): void {
    for (const uri of uris) this.uris.delete(uri);
    for (const uri of uris) {
      try {
        this.check(uri);
      } catch (error) {
        this.failed(error);
      }
    }
    if (this.uris.size > 0) return;
    for (const resume of this.waiting.splice(0)) resume();
  }

  private wait(): void {
    soon(() => {
      this.left -= 1;
      if (this.left > 0) this.wait();
      else this.checkWhenRested();
    });
  }

  private checkWhenRested(): void {
    // If another caller already checked the edits that arrived in the meantime, this finds none.
    const now = performance.now();
    const isOverdue = now - this.addedFirstAt >= mostMilliseconds;
    if (isOverdue || now >= this.restsUntil) {
      this.flush();
      return;
    }
    this.left = 1;
    const until = Math.min(this.restsUntil, this.addedFirstAt + mostMilliseconds);
    setTimeout(() => this.wait(), until - now);
  }
}
