import {
  type EncodedColumns,
  type ExploreOutcome,
  type ExploreProgress,
  type ExploreRequest,
  exploreProgress,
  exploreRequest,
  type HostMessage,
  type LoadCurve,
  type LoadCurveProgress,
  type LoadCurveRequest,
  loadCurveProgress,
  loadCurveRequest,
  type Origin,
  type Packed,
  type PanelMessage,
  type RunNotification,
  type RunState,
  runNotification,
  runRequest,
  segmentsRequest,
  traceRequest,
} from '../protocol/index.ts';
import { documentUri, type ServerLink } from './server-link.ts';

export interface PanelHost {
  readonly reveal: (origin: Origin) => void;
  readonly stateChanged: (state: RunState) => void;
  readonly openExample: () => void;
}

/** The panel in a frame, between the page and the server, as the extension's client is in VS Code. */
export class PanelFrame {
  private isReady = false;
  private state: RunState | undefined;
  private results: Packed | null = null;
  private curve: AbortController | undefined;
  private exploration: AbortController | undefined;
  private readonly frame: HTMLIFrameElement;
  private readonly link: ServerLink;
  private readonly host: PanelHost;

  constructor(frame: HTMLIFrameElement, link: ServerLink, host: PanelHost) {
    this.frame = frame;
    this.link = link;
    this.host = host;
    window.addEventListener('message', ({ source, data }: MessageEvent<PanelMessage>) => {
      if (source === frame.contentWindow) void this.receive(data);
    });
    link.rpc.on(runNotification, (message: RunNotification) => this.ran(message));
    link.rpc.on(exploreProgress, ({ request, fraction, result }: ExploreProgress) => {
      const known = result === null ? null : decode(result);
      this.post({ type: 'explore', request, answer: { kind: 'running', fraction, result: known } });
    });
    link.rpc.on(loadCurveProgress, ({ request, fraction }: LoadCurveProgress) =>
      this.post({ type: 'loadCurve', request, answer: { kind: 'running', fraction } }),
    );
  }

  /** The cursor of the editor is there. */
  highlight(start: number, end: number, lineStart: number, lineEnd: number): void {
    const uri = documentUri;
    this.post({ type: 'selection', origin: { uri, start, end }, lines: { uri, start: lineStart, end: lineEnd } });
  }

  private post(message: HostMessage): void {
    // The frame is a page of this site.
    if (this.isReady) this.frame.contentWindow?.postMessage(message, window.location.origin);
  }

  private ran({ state, results, early, previews }: RunNotification): void {
    if (state.uri !== documentUri) return;
    if (this.state !== undefined && this.state.sequence > state.sequence) return;
    const packed = results === null ? null : decode(results);
    this.state = state;
    this.results = packed ?? (state.phase === 'empty' ? null : this.results);
    const previewed = previews === undefined ? {} : { previews: decode(previews) };
    const update = { state, results: packed, ...(early === undefined ? {} : { early }), ...previewed };
    this.post({ type: 'update', update });
    this.host.stateChanged(state);
  }

  private async receive(message: PanelMessage): Promise<void> {
    const { rpc } = this.link;
    switch (message.type) {
      case 'ready':
        this.isReady = true;
        if (this.state === undefined) {
          this.post({ type: 'absent', absence: { kind: 'starting', uri: documentUri, name: 'design.npu' } });
        } else this.post({ type: 'update', update: { state: this.state, results: this.results } });
        return;
      case 'reveal':
        this.host.reveal(message.origin);
        return;
      case 'run':
        await rpc.request(runRequest, { uri: documentUri, action: 'run' });
        return;
      case 'cancelRun':
        await rpc.request(runRequest, { uri: documentUri, action: 'cancel' });
        return;
      case 'segments': {
        const found = await rpc.request<EncodedColumns | null>(segmentsRequest, message.request);
        if (found !== null) this.post({ type: 'segments', request: message.request, segments: decode(found) });
        return;
      }
      case 'trace': {
        const trace = await rpc.request<string | null>(traceRequest, message.request);
        if (trace !== null) download(message.suggestedName, trace);
        return;
      }
      case 'save':
        download(message.suggestedName, message.content);
        return;
      case 'loadCurve':
        await this.loadCurve(message.request);
        return;
      case 'cancelLoadCurve':
        this.curve?.abort();
        return;
      case 'explore':
        await this.explore(message.request);
        return;
      case 'cancelExplore':
        this.exploration?.abort();
        return;
      case 'command':
        if (message.command === 'openExample') this.host.openExample();
        return;
      // The page has one document, and keeps no state of the panel, no history and no sliders.
      case 'history':
      case 'number':
      case 'open':
      case 'keep':
        return;
    }
  }

  private async loadCurve(request: LoadCurveRequest): Promise<void> {
    this.curve?.abort();
    const source = new AbortController();
    this.curve = source;
    const curve = await this.link.rpc
      .request<LoadCurve | null>(loadCurveRequest, request, source.signal)
      .catch(() => null);
    this.post({ type: 'loadCurve', request, answer: curve === null ? { kind: 'gone' } : { kind: 'done', curve } });
  }

  private async explore(request: ExploreRequest): Promise<void> {
    this.exploration?.abort();
    const source = new AbortController();
    this.exploration = source;
    this.post({ type: 'explore', request, answer: { kind: 'running', fraction: 0, result: null } });
    try {
      const end = await this.link.rpc.request<ExploreOutcome>(exploreRequest, request, source.signal);
      const answer = end.kind === 'done' ? { kind: 'done' as const, result: decode(end.result) } : end;
      this.post({ type: 'explore', request, answer });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const gone = source.signal.aborted;
      this.post({ type: 'explore', request, answer: gone ? { kind: 'gone' } : { kind: 'failed', message } });
    }
  }
}

function decode({ tree, columnsBase64 }: EncodedColumns): Packed {
  const text = atob(columnsBase64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return { tree, buffer: bytes.buffer };
}

function download(name: string, content: string | ArrayBuffer): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content]));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
