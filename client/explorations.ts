import * as vscode from 'vscode';
import type { ExploreAnswer, ExploreRequest, HostMessage, Packed } from '../protocol/index.ts';
import { base64OfBytes, bytesOfBase64 } from './base64.ts';
import type { RunStore } from './run-store.ts';

/** A message to a page about an exploration. */
export type ExploreMessage = HostMessage & { readonly type: 'explore' };

interface Kept {
  readonly request: ExploreRequest;
  /** The latest answer. */
  readonly answer: ExploreAnswer;
  /** The newest results. An answer without results, as of a stopped sweep, keeps the earlier ones. */
  readonly result: Packed | null;
}

interface UnderWay {
  readonly request: ExploreRequest;
  readonly source: vscode.CancellationTokenSource;
}

/** A finished exploration in the storage of the window. */
interface Stored {
  readonly request: ExploreRequest;
  readonly tree: unknown;
  readonly columnsBase64: string;
}

const storedKey = 'stimpack.explorations';
/**
 * Ten thousand designs with two goals need about 400 KB. A larger exploration is not stored and runs again after a
 * reload of the window. Our assumption.
 */
const mostStoredCharacters = 600_000;

/**
 * The explorations of a window, for all of its pages. Results stay while the user looks at another document and while a
 * page is hidden. Results of a finished exploration also survive a reload of the window.
 */
export class Explorations implements vscode.Disposable {
  private readonly kept = new Map<string, Kept>();
  /** By document. */
  private readonly underWay = new Map<string, UnderWay>();
  private readonly said = new vscode.EventEmitter<ExploreMessage>();
  readonly onDidSay = this.said.event;
  private readonly runs: RunStore;
  private readonly memory: vscode.Memento;
  private readonly listening: vscode.Disposable;

  constructor(runs: RunStore, memory: vscode.Memento) {
    this.runs = runs;
    this.memory = memory;
    for (const { request, tree, columnsBase64 } of memory.get<readonly Stored[]>(storedKey) ?? []) {
      const result = { tree, buffer: bytesOfBase64(columnsBase64) };
      this.kept.set(keyOf(request), { request, answer: { kind: 'done', result }, result });
    }
    this.listening = runs.onDidProgressExploration(({ request, answer }) => {
      const asked = this.underWay.get(request.uri)?.request;
      if (asked?.exploration === request.exploration && asked.hash === request.hash) this.say(request, answer);
    });
  }

  /** Tries the designs of an exploration. A document has at most one in progress: a newer one replaces it. */
  async explore(request: ExploreRequest): Promise<void> {
    this.cancel(request.uri);
    const own = { request, source: new vscode.CancellationTokenSource() };
    this.underWay.set(request.uri, own);
    this.say(request, { kind: 'running', fraction: 0, result: null });
    const end = await this.runs.explore(request, own.source.token);
    own.source.dispose();
    const newest = this.underWay.get(request.uri);
    if (newest === own) this.underWay.delete(request.uri);
    // If the same exploration was requested again, the newer request reports.
    else if (newest?.request.exploration === request.exploration) return;
    this.say(request, end);
  }

  cancel(uri: string): void {
    this.underWay.get(uri)?.source.cancel();
  }

  /** Ends all explorations and deletes their results: those in the server, in the storage of the window and on the pages. */
  async forget(): Promise<void> {
    for (const { source } of this.underWay.values()) source.cancel();
    const requests = [...this.kept.values()].map(({ request }) => request);
    this.kept.clear();
    await this.memory.update(storedKey, undefined);
    await this.runs.forgetExplorations();
    for (const request of requests)
      this.said.fire({ type: 'explore', request, answer: { kind: 'gone', forgotten: true } });
  }

  /** The messages for a page that starts to show a document. */
  of(uri: string): readonly ExploreMessage[] {
    return [...this.kept.values()]
      .filter(({ request }) => request.uri === uri)
      .flatMap(({ request, answer, result }): ExploreMessage[] => {
        const message = (said: ExploreAnswer): ExploreMessage => ({
          type: 'explore',
          request,
          answer: said,
          again: true,
        });
        if (answer.kind === 'running') return [message({ ...answer, result })];
        if (answer.kind === 'done' || result === null) return [message(answer)];
        return [message({ kind: 'running', fraction: 0, result }), message(answer)];
      });
  }

  dispose(): void {
    for (const { source } of this.underWay.values()) source.cancel();
    this.listening.dispose();
    this.said.dispose();
  }

  private say(request: ExploreRequest, answer: ExploreAnswer): void {
    const key = keyOf(request);
    const before = this.kept.get(key);
    const known = before?.request.hash === request.hash ? before.result : null;
    const result = 'result' in answer ? (answer.result ?? known) : known;
    // Puts the newest at the end.
    this.kept.delete(key);
    this.kept.set(key, { request, answer, result });
    this.said.fire({ type: 'explore', request, answer });
    if (answer.kind === 'done') this.store();
  }

  /** Stores the newest first, as many as there is room for. */
  private store(): void {
    let room = mostStoredCharacters;
    const stored: Stored[] = [];
    for (const { request, answer } of [...this.kept.values()].reverse()) {
      if (answer.kind !== 'done') continue;
      const { tree, buffer } = answer.result;
      const columnsBase64 = base64OfBytes(buffer);
      room -= columnsBase64.length;
      if (room > 0) stored.push({ request, tree, columnsBase64 });
    }
    void this.memory.update(storedKey, stored.reverse());
  }
}

function keyOf({ uri, exploration }: ExploreRequest): string {
  return JSON.stringify([uri, exploration]);
}
