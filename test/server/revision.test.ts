import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type HistoryFigures,
  type RevisionAnswer,
  type RevisionRequest,
  revisionRequest,
  unpack,
} from '../../protocol/index.ts';
import { TestServer } from './language-server.ts';

/* The run of a file as it was at a git revision, with its imports of that revision. */

const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'stimpack-revision-')));
const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b.c', ...args], { cwd: root, encoding: 'utf8' }).trim();
const write = (name: string, text: string): void => writeFileSync(path.join(root, name), text);
const uriOf = (name: string): string => pathToFileURL(path.join(root, name)).href;

const chip = (bandwidth: string) =>
  `import "stimpack/tpuv4i"\nnpu Mine extends TPUv4i { HBM { bandwidth: ${bandwidth} } }\n`;
const design = (limit: string) => `import "./chip.npu"
model Net { input: 32 x 32 x 3, layers { conv { kernel: 3 x 3, filters: 64, padding: same } } }
scenario Rush {
  npu: Mine
  duration: 2000 requests
  serve Net { arrivals: poisson(1000 rps), slo { p99 latency <= ${limit} } }
  compare: [TPUv4i]
}
`;

let server: TestServer;

beforeAll(async () => {
  git('init', '--quiet', '--initial-branch', 'trunk');
  write('chip.npu', chip('1 GB/s'));
  write('design.npu', design('1 s'));
  write('broken.npu', 'npu Broken {');
  write('later.npu', 'scenario S {}');
  git('add', 'chip.npu', 'design.npu', 'broken.npu');
  git('commit', '--quiet', '-m', 'A slow memory');
  write('chip.npu', chip('614 GB/s'));
  server = (await TestServer.start()).server;
});

afterAll(async () => {
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

const ask = (name: string, revision: string): Promise<RevisionAnswer> =>
  server.request<RevisionAnswer>(revisionRequest, { uri: uriOf(name), revision } satisfies RevisionRequest);

function figuresOf(answer: RevisionAnswer): HistoryFigures {
  if (answer.kind !== 'done') throw new Error(JSON.stringify(answer));
  const { tree, columnsBase64 } = answer.figures;
  return unpack<HistoryFigures>({ tree, buffer: new Uint8Array(Buffer.from(columnsBase64, 'base64')).buffer });
}

test('a file runs with the imports of the revision, and equals the run of that time', async () => {
  const answer = await ask('design.npu', 'HEAD');
  expect(answer).toMatchObject({ kind: 'done', commit: git('rev-parse', 'HEAD'), text: design('1 s') });
  const [old] = figuresOf(answer);
  expect(old).toMatchObject({ scenario: 'Rush', verdict: 'met' });
  // The open document has the faster memory of today. The run of the revision changes nothing there.
  await server.open(uriOf('design.npu'), design('1 s'));
  await server.phase(uriOf('design.npu'), 'fresh');
  const now = server.results(uriOf('design.npu'))[0]?.main.serves[0]?.latency.mean ?? Number.NaN;
  const then = old?.run.serves[0]?.latency.mean ?? Number.NaN;
  expect(then).toBeGreaterThan(2 * now);
  // The slow memory on disk, as it was then.
  write('chip.npu', chip('1 GB/s'));
  const again = (await TestServer.start()).server;
  try {
    await again.open(uriOf('design.npu'), design('1 s'));
    await again.phase(uriOf('design.npu'), 'fresh');
    expect(again.results(uriOf('design.npu'))[0]?.main.serves[0]?.latency).toEqual(old?.run.serves[0]?.latency);
  } finally {
    await again.stop();
    write('chip.npu', chip('614 GB/s'));
  }
});

test.each([
  ['design.npu', 'nope', "there is no git revision 'nope'"],
  ['design.npu', '--upload-pack=x', "there is no git revision '--upload-pack=x'"],
  ['later.npu', 'HEAD', 'git does not track later.npu; add and commit it'],
  ['broken.npu', 'HEAD', 'broken.npu at HEAD has an error: '],
  ['chip.npu', 'HEAD', 'chip.npu at HEAD has no scenario'],
])('%s at %s is refused with the reason', async (name, revision, message) => {
  const answer = await ask(name, revision);
  expect(answer.kind === 'failed' ? answer.message : answer).toContain(message);
});

test('a long run of a revision can be cancelled', async () => {
  write('design.npu', design('1 s').replace('2000 requests', '1000000 s'));
  git('commit', '--quiet', '--all', '-m', 'An endless run');
  const { CancellationTokenSource } = await import('vscode-jsonrpc/node');
  const source = new CancellationTokenSource();
  const request: RevisionRequest = { uri: uriOf('design.npu'), revision: 'HEAD' };
  const answer = server.connection.sendRequest<RevisionAnswer>(revisionRequest, request, source.token);
  // An answer to another request shows that the server has received this one.
  await ask('design.npu', 'nope');
  source.cancel();
  expect((await answer.catch((error: Error) => ({ kind: error.message }))).kind).not.toBe('done');
});
