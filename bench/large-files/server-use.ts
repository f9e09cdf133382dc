import { pathToFileURL } from 'node:url';
import type { Range } from 'vscode-languageserver/node';
import { TestServer } from '../../test/server/language-server.ts';
import { type Use, useOf } from './process-use.ts';

export interface ServerUse extends Use {
  /** The step with the most processor time. */
  readonly slowest: string;
  /** The processor time of the slowest step. */
  readonly slowestSeconds: number;
  /** How the measurement ended. */
  readonly end: 'whole' | 'died' | 'too slow';
}

/** Opens the file in the built server, sends the requests that editors send, types three characters, and saves. */
export async function useOfServer(file: string, text: string, mostSeconds: number): Promise<ServerUse> {
  const { server } = await TestServer.start({ runOnOpen: false });
  let last: Use = useOf(server.pid) ?? { seconds: 0, megabytes: 0 };
  const started = last.seconds;
  let slowest = 'none';
  let slowestSeconds = 0;
  const uri = pathToFileURL(file).href;
  const lines = text.split('\n');
  const position = (share: number) => {
    const line = Math.floor(lines.length * share);
    return { line, character: Math.floor((lines[line]?.length ?? 0) / 2) };
  };
  const range = (from: number, to: number): Range => ({ start: position(from), end: position(to) });
  const step = async (name: string, work: Promise<unknown>): Promise<void> => {
    const before = last.seconds;
    await work;
    last = useOf(server.pid) ?? last;
    if (last.seconds - before > slowestSeconds) {
      slowest = name;
      slowestSeconds = last.seconds - before;
    }
  };
  const options = { tabSize: 2, insertSpaces: true };
  const requests: readonly (readonly [string, object])[] = [
    ['hover', { position: position(0.5) }],
    ['completion', { position: position(0.5) }],
    ['definition', { position: position(0.5) }],
    ['references', { position: position(0.5), context: { includeDeclaration: true } }],
    ['documentHighlight', { position: position(0.5) }],
    ['documentSymbol', {}],
    ['formatting', { options }],
    ['rangeFormatting', { options, range: range(0.4, 0.6) }],
    ['foldingRange', {}],
    ['selectionRange', { positions: [position(0.5)] }],
    ['semanticTokens/full', {}],
    ['signatureHelp', { position: position(0.5) }],
    ['codeLens', {}],
    ['documentLink', {}],
    ['inlayHint', { range: range(0, 1) }],
    ['codeAction', { range: range(0, 1), context: { diagnostics: [] } }],
    ['prepareRename', { position: position(0.5) }],
    // The middle of a file is often no name: these three fail then, which is an answer too.
    ['rename', { position: position(0.5), newName: 'renamed' }],
  ];
  const script = async (): Promise<'whole'> => {
    await step(
      'open',
      server.open(uri, text).then(() => server.pull(uri)),
    );
    for (const [method, parameters] of requests) {
      const answer = server.ask(method, uri, parameters).catch(() => null);
      await step(method, answer);
    }
    for (const place of [0.5, 0, 0.9]) {
      const at = { start: position(place), end: position(place) };
      await server.type(uri, at, ' ');
      const answers = [
        server.ask('completion', uri, { position: at.start }).catch(() => null),
        server.ask('semanticTokens/full', uri),
        server.pull(uri),
      ];
      await step('keystroke', Promise.all(answers));
    }
    const settled = server.until(() => {
      const phase = server.states.findLast(({ state }) => state.uri === uri)?.state.phase;
      return phase === 'fresh' || phase === 'rejected' || phase === 'failed' ? phase : undefined;
    });
    await step(
      'save',
      server.save(uri).then(() => settled),
    );
    return 'whole';
  };
  const stopped = new Promise<'died' | 'too slow'>((resolve) => {
    const timer = setInterval(() => {
      const now = useOf(server.pid);
      if (now === undefined) resolve('died');
      else if (now.seconds - last.seconds > mostSeconds) resolve('too slow');
      else return;
      clearInterval(timer);
    }, 100);
  });
  const end = await Promise.race([script().catch(() => 'died' as const), stopped]);
  last = useOf(server.pid) ?? last;
  await server.kill().catch(() => undefined);
  return { seconds: last.seconds - started, megabytes: last.megabytes, slowest, slowestSeconds, end };
}
