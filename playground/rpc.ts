/*
 * JSON-RPC 2.0 with a worker: the part that a page with one server needs. The library for it is a tenth of all code of the page, because it also
 * serves streams, batches, tracing and progress.
 */

interface Message {
  readonly jsonrpc: '2.0';
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

export class Rpc {
  /** Messages wait until it has started. */
  private readonly worker: Promise<Worker>;
  private readonly waiting = new Map<number | string, Waiting>();
  private readonly notified = new Map<string, (params: never) => void>();
  private readonly answers = new Map<string, unknown>();
  private lastId = 0;

  /** A worker that does not start answers no request. The caller shows this to the user. */
  constructor(starting: Promise<Worker>) {
    this.worker = starting.then((worker) => {
      worker.addEventListener('message', ({ data }: MessageEvent<Message>) => this.receive(data));
      return worker;
    });
  }

  /** Sends a request. `signal` cancels it; the server then answers with an error. */
  request<T>(method: string, params: unknown, signal?: AbortSignal): Promise<T> {
    const id = ++this.lastId;
    signal?.addEventListener('abort', () => this.notify('$/cancelRequest', { id }));
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.send({ jsonrpc: '2.0', id, method, params });
    });
  }

  notify(method: string, params: unknown): void {
    this.send({ jsonrpc: '2.0', method, params });
  }

  on<T>(method: string, listener: (params: T) => void): void {
    this.notified.set(method, listener);
  }

  /** The answer to every request of the server with this method; null for others. */
  answer(method: string, result: unknown): void {
    this.answers.set(method, result);
  }

  private send(message: Message): void {
    this.worker.then(
      (worker) => worker.postMessage(message),
      () => undefined,
    );
  }

  private receive({ id, method, params, result, error }: Message): void {
    if (method !== undefined) {
      if (id === undefined || id === null) this.notified.get(method)?.(params as never);
      else this.send({ jsonrpc: '2.0', id, result: this.answers.get(method) ?? null });
      return;
    }
    if (id === undefined || id === null) return;
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) waiting?.resolve(result as never);
    else waiting?.reject(new Error(error.message));
  }
}
