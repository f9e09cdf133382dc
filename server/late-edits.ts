/** Rounds of the event loop in which a message that has come already is answered: one to read it, one to take it up; and as many for a second. */
const rounds = 4;

/**
 * Edits whose check is long: it begins when what has come in meanwhile is answered. A person who types gets their completion before it, and
 * nobody waits for a clock.
 */
export class LateEdits {
  private readonly uris = new Set<string>();
  private readonly waiting: (() => void)[] = [];
  private readonly tell: (uri: string) => void;
  private readonly failed: (error: unknown) => void;
  private isBegun = false;

  /** `tell` checks a document and says what follows of its edit; an error in it is a bug, which must not end the server. */
  constructor(tell: (uri: string) => void, failed: (error: unknown) => void) {
    this.tell = tell;
    this.failed = failed;
  }

  add(uris: readonly string[]): void {
    for (const uri of uris) this.uris.add(uri);
    if (this.isBegun) return;
    this.isBegun = true;
    this.after(rounds);
  }

  /** Tells of them now: for whoever needs to know what an edit has changed. */
  flush(): void {
    const uris = [...this.uris];
    this.uris.clear();
    for (const uri of uris) {
      try {
        this.tell(uri);
      } catch (error) {
        this.failed(error);
      }
    }
    for (const resume of this.waiting.splice(0)) resume();
  }

  /** Resolves when all edits so far have been told of. */
  async told(): Promise<void> {
    if (this.uris.size > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private after(left: number): void {
    setImmediate(() => {
      if (left > 1) {
        this.after(left - 1);
        return;
      }
      this.isBegun = false;
      this.flush();
    });
  }
}
