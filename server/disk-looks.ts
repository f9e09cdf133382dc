import { unattended } from './timers.ts';

/**
 * The shortest interval between two checks of the disk while the user types. Our assumption: a user does not notice this
 * delay, and the cost is small on a slow disk.
 */
const intervalMilliseconds = 1000;

/**
 * Checks files that may have changed without a message, because not every editor watches all of them. A check begins
 * immediately if there was none within the interval. Otherwise it begins at the end of the interval, so a look always
 * follows the last request.
 */
export class DiskLooks {
  /** By document. The value is true if another look was requested since the last one. */
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
    unattended(setTimeout(() => this.intervalEnded(uri), intervalMilliseconds));
    this.look(uri);
  }

  /** Drops a document that was closed, so that the server does not check it again. */
  forget(uri: string): void {
    if (this.recent.has(uri)) this.recent.set(uri, false);
  }

  private intervalEnded(uri: string): void {
    const isRequested = this.recent.get(uri);
    this.recent.delete(uri);
    if (isRequested === true) this.request(uri);
  }
}
