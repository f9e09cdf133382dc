import './page.css';
import { texts as exampleTexts } from 'example-texts';
import type { RunState } from '../protocol/index.ts';
import { Editor } from './editor.ts';
import { packedWorker } from './packed-worker.ts';
import { PanelFrame } from './panel-frame.ts';
import { documentUri, type LspDiagnostic, ServerLink } from './server-link.ts';
import { linkTo, textOf } from './share-link.ts';

/** How long after a key the design runs. Our assumption: a pause in typing. */
const runAfterMilliseconds = 400;

function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} with the id ${id}`);
  return found;
}

const examples = element('examples', HTMLSelectElement);
const share = element('share', HTMLButtonElement);
const status = element('status', HTMLElement);

/** The bundle of the server, which scripts/playground.ts packs. The ending is one that web servers do not unpack or interpret. */
const packedServer = 'server.bin';

/** The example that the page opens with. */
const first = 'rush.npu';
for (const name of Object.keys(exampleTexts)) examples.add(new Option(name, name, false, name === first));
const linked = await textOf(window.location.hash);
const isDamaged = linked === undefined && window.location.hash.includes('npu=');
if (linked !== undefined) examples.selectedIndex = -1;

const worker = packedWorker(packedServer);
worker.catch((error: Error) => {
  status.textContent = `The simulator could not be loaded (${error.message}). Reload the page.`;
});
const link = new ServerLink(worker);
let timer: ReturnType<typeof setTimeout> | undefined;
const runSoon = (): void => {
  clearTimeout(timer);
  timer = setTimeout(() => link.saved(), runAfterMilliseconds);
};
const editor = new Editor(element('editor', HTMLElement), linked ?? exampleTexts[first] ?? '', link, {
  changed: (text) => {
    link.changed(text);
    runSoon();
  },
  selected: (start, end) => {
    const { doc } = editor.view.state;
    panel.highlight(start, end, doc.lineAt(start).from, doc.lineAt(end).to);
  },
  run: () => {
    clearTimeout(timer);
    link.saved();
  },
});
const panel = new PanelFrame(element('panel-frame', HTMLIFrameElement), link, {
  reveal: ({ uri, start, end }) => {
    if (uri === documentUri) editor.reveal(start, end);
  },
  stateChanged: (state) => {
    status.textContent = phaseText(state);
    status.dataset.phase = state.phase;
  },
  openExample: () => examples.focus(),
});

link.rpc.on(
  'textDocument/publishDiagnostics',
  ({ uri, diagnostics }: { readonly uri: string; readonly diagnostics: readonly LspDiagnostic[] }) => {
    if (uri === documentUri) editor.show(diagnostics);
  },
);

examples.addEventListener('change', () => {
  editor.text = exampleTexts[examples.value] ?? '';
  window.history.replaceState(null, '', window.location.pathname);
});
share.addEventListener('click', async () => {
  const address = await linkTo(editor.text, window.location.href);
  window.history.replaceState(null, '', address);
  try {
    await navigator.clipboard.writeText(address);
    status.textContent = 'The link with this design is in the clipboard.';
  } catch {
    status.textContent = 'The address of this page now contains this design. Copy it.';
  }
});

function phaseText({ phase }: RunState): string {
  switch (phase) {
    case 'running':
      return 'Simulating …';
    case 'rejected':
      return 'The design has errors. They are underlined.';
    default:
      return '';
  }
}

editor.start(await link.start(editor.text));
if (isDamaged) status.textContent = 'The link is damaged or too long, so an example is shown.';
