/** A value that has not changed for this long is simulated completely. */
const restMilliseconds = 150;

/**
 * The runs of one document while a number of it moves: previews, one at a time, and the whole run when the number rests. Values that change while a preview is in
 * progress are dropped, except for the newest. The whole run waits for the preview: on a busy machine, it would otherwise replace each preview before
 * anything of it is shown.
 */
export class PreviewLoop {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isPreviewing = false;
  /** The number has changed since the last preview began. */
  private isBehind = false;
  private hasRested = false;
  private readonly request: (action: 'preview' | 'run') => Promise<void>;

  constructor(request: (action: 'preview' | 'run') => Promise<void>) {
    this.request = request;
  }

  /** Another value is being written, so the number does not rest. */
  moves(): void {
    clearTimeout(this.timer);
    this.hasRested = false;
  }

  /** Another value is in the text, or the attempt to write it has failed. */
  moved(hasChanged: boolean): void {
    this.moves();
    this.timer = setTimeout(() => {
      this.hasRested = true;
      this.runIfRested();
    }, restMilliseconds);
    if (!hasChanged) return;
    this.isBehind = true;
    if (!this.isPreviewing) void this.preview();
  }

  /** Drops what has not begun. */
  end(): void {
    this.moves();
    this.isBehind = false;
  }

  private async preview(): Promise<void> {
    this.isPreviewing = true;
    while (this.isBehind) {
      this.isBehind = false;
      // A server that has ended answers no preview, and the next one runs the document again.
      await this.request('preview').catch(() => undefined);
    }
    this.isPreviewing = false;
    this.runIfRested();
  }

  private runIfRested(): void {
    if (!this.hasRested || this.isPreviewing) return;
    this.hasRested = false;
    this.request('run').catch(() => undefined);
  }
}
