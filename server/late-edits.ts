/** Rounds of the event loop in which a message that has come already is handled: one to read it, one to handle it; and as many for a second. */
const rounds = 4;

/** The longest time that new edits can delay the check of earlier ones. Our assumption: a reader of diagnostics accepts it. */
const mostMilliseconds = 1000;

/**
 * During a burst, a check begins only when this many times the length of the last one has passed since its end: a client that sends edits about as fast
 * as they are read would otherwise get a check for every few of them. It is a burst if the last check saw several edits. Our assumption.
 */
const restFactor = 4;

/**
 * Edits that wait for their check. It begins when no message has come for a few rounds of the event loop: of a burst of edits only the newest text
 * is checked, and a person who types gets a completion first.
 */
export class LateEdits {
  private readonly uris = new Set<string>();
  private readonly waiting: (() => void)[] = [];
  private readonly tell: (uri: string) => void;
  private readonly failed: (error: unknown) => void;
  private left = 0;
  private addedFirstAt = 0;
  /** Edits since the last check. */
  private edits = 0;
  /** Milliseconds of a monotonic clock. */
  private restsUntil = 0;

  /** `tell` checks a document and publishes the outcome; an error in it is a bug, which must not end the server. */
  constructor(tell: (uri: string) => void, failed: (error: unknown) => void) {
    this.tell = tell;
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

  /** Checks them now: for callers that need to know what an edit has changed. */
  flush(): void {
    const uris = [...this.uris];
    this.uris.clear();
    const startedAt = performance.now();
    for (const uri of uris) {
      try {
        this.tell(uri);
      } catch (error) {
        this.failed(error);
      }
    }
    const endedAt = performance.now();
    this.restsUntil = this.edits > 1 ? endedAt + restFactor * (endedAt - startedAt) : 0;
    this.edits = 0;
    for (const resume of this.waiting.splice(0)) resume();
  }

  /** Resolves when all edits so far have been checked. */
  async told(): Promise<void> {
    if (this.uris.size > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private wait(): void {
    setImmediate(() => {
      this.left -= 1;
      if (this.left > 0) this.wait();
      else this.checkWhenRested();
    });
  }

  private checkWhenRested(): void {
    // What came in the meantime is checked by whoever needed it, and this finds nothing left.
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
