import type { WorkDoneProgressServerReporter } from 'vscode-languageserver/node';
import type { RunState } from '../protocol/index.ts';
import type { ClientDoor } from './client-door.ts';
import type { Timer } from './timers.ts';

/** A shorter run shows no progress. Our assumption. */
const quietMilliseconds = 1000;

interface Shown {
  reporter: WorkDoneProgressServerReporter | undefined;
  ended: boolean;
  readonly timer: Timer;
}

/**
 * Shows progress in the editor's own way for runs that take longer than a second. The user can cancel the run there.
 */
export class RunProgress {
  enabled = false;
  private readonly shown = new Map<string, Shown>();
  private readonly client: ClientDoor;
  private readonly cancel: (uri: string) => void;

  constructor(client: ClientDoor, cancel: (uri: string) => void) {
    this.client = client;
    this.cancel = cancel;
  }

  stateChanged(state: RunState): void {
    if (state.phase !== 'running') this.end(state.uri);
    else if (this.enabled && !this.shown.has(state.uri)) this.begin(state);
  }

  report(uri: string, fraction: number): void {
    this.shown.get(uri)?.reporter?.report(Math.round(fraction * 100));
  }

  end(uri: string): void {
    const shown = this.shown.get(uri);
    if (shown === undefined) return;
    this.shown.delete(uri);
    shown.ended = true;
    clearTimeout(shown.timer);
    shown.reporter?.done();
  }

  private begin(state: RunState): void {
    const timer = setTimeout(() => void this.open(state, shown), quietMilliseconds);
    const shown: Shown = { reporter: undefined, ended: false, timer };
    this.shown.set(state.uri, shown);
  }

  private async open(state: RunState, shown: Shown): Promise<void> {
    const reporter = await this.client.progress();
    if (reporter === undefined) return;
    reporter.begin(`Simulating ${state.name}`, 0, undefined, true);
    if (shown.ended) {
      reporter.done();
      return;
    }
    shown.reporter = reporter;
    reporter.token.onCancellationRequested(() => {
      if (!shown.ended) this.cancel(state.uri);
    });
  }
}
