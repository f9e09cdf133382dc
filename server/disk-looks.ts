/** A person who types makes the server look at the disk this often. Our assumption: before they could notice, and cheap on a slow disk. */
const intervalMilliseconds = 1000;

/**
 * Looks at files that may have changed without a message, because not every editor watches them all. A look begins at once, unless there was one a
 * moment ago: then it comes at the end of the interval, so that the last request is always followed by a look.
 */
export class DiskLooks {
  /** By document; true where another look was requested since the last one. */
  private readonly recent = new Map<string, boolean>();
  private readonly look: (uri: string) => void;

  constructor(look: (uri: string) => void) {
    this.look = look;
  }

  request(uri: string): void {
    if (this.recent.has(uri)) {
      this.recent.set(uri, true);
      return;
    }
    this.recent.set(uri, false);
    setTimeout(() => this.intervalEnded(uri), intervalMilliseconds).unref();
    this.look(uri);
  }

  /** A document that is closed is not looked at again. */
  forget(uri: string): void {
    if (this.recent.has(uri)) this.recent.set(uri, false);
  }

  private intervalEnded(uri: string): void {
    const isRequested = this.recent.get(uri);
    this.recent.delete(uri);
    if (isRequested === true) this.request(uri);
  }
}
