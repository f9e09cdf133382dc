import type { HostMessage, PanelMessage, StandaloneData } from '../../protocol/index.ts';
import { standaloneColumnsId, standaloneDataId } from '../../protocol/index.ts';

import { decodeBase64 } from '../model/base64.ts';

/** The connection to an editor, or to the data in the page itself. */
export interface Transport {
  /** Whether an editor can run, reveal and open documents. Saving files works everywhere. */
  readonly hasHost: boolean;
  readonly receive: (listener: (message: HostMessage) => void) => void;
  readonly send: (message: PanelMessage) => void;
  /** What an earlier page passed to `saveState`; unchecked. */
  readonly loadState: () => unknown;
  readonly saveState: (state: unknown) => void;
}

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

export function connect(): Transport {
  return editorTransport() ?? standaloneTransport();
}

function editorTransport(): Transport | undefined {
  const acquire = (globalThis as { acquireVsCodeApi?: () => VsCodeApi }).acquireVsCodeApi;
  if (acquire === undefined) return undefined;
  const api = acquire();
  return {
    hasHost: true,
    receive: (listener) => {
      window.addEventListener('message', (event: MessageEvent<unknown>) => {
        if (isHostMessage(event.data)) listener(event.data);
      });
    },
    send: (message) => api.postMessage(message),
    loadState: () => api.getState(),
    saveState: (state) => api.setState(state),
  };
}

/** A record, so that the compiler requires every message of the protocol here. */
const hostMessages: Readonly<Record<HostMessage['type'], true>> = {
  update: true,
  absent: true,
  restore: true,
  compare: true,
  selection: true,
  history: true,
  numbers: true,
  segments: true,
  loadCurve: true,
  explore: true,
};

/** Other scripts in a webview's frame also post messages. */
function isHostMessage(data: unknown): data is HostMessage {
  if (typeof data !== 'object' || data === null || !('type' in data)) return false;
  return typeof data.type === 'string' && Object.hasOwn(hostMessages, data.type);
}

function standaloneTransport(): Transport {
  return {
    hasHost: false,
    receive: (listener) => {
      const data = document.getElementById(standaloneDataId)?.textContent;
      const columns = document.getElementById(standaloneColumnsId)?.textContent;
      if (data === undefined || data === null) return;
      const { state, tree, explored = [] } = JSON.parse(data) as StandaloneData;
      const results = tree === null ? null : { tree, buffer: decodeBase64(columns ?? '') };
      listener({ type: 'update', update: { state, results } });
      for (const [i, { exploration, tree: found, columnsBase64 }] of explored.entries()) {
        const request = { uri: state.uri, hash: state.hash, exploration };
        const result = { tree: found, buffer: decodeBase64(columnsBase64) };
        // The page opens on the first exploration.
        listener({ type: 'explore', request, answer: { kind: 'done', result }, again: i > 0 });
      }
    },
    send: (message) => {
      if (message.type === 'save') download(message.suggestedName, message.content);
    },
    // A page from a file has no storage, and a report should look the same for everyone.
    loadState: () => undefined,
    saveState: () => undefined,
  };
}

function download(name: string, content: string | ArrayBuffer): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content]));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
