import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildAll } from './build.ts';
import { requireNode } from './node-versions.ts';
import { repositoryFolder } from './vscode/artifacts.ts';

/*
 * `npm run test:node`: the npm package, installed from its tarball into an empty folder, under each version of Node that package.json supports. The
 * command line, the functions and the language server must give the same bytes under each of them.
 */

/** The versions with long-term support. The lowest is the one of `engines` in package.json. */
const majors = [20, 22, 24];

const design = `import "stimpack/tpuv4i"
import "stimpack/resnet50"
scenario Rush {
  npu: TPUv4i
  serve ResNet50 {
    arrivals: poisson(5000 rps)
    batch { max: 8, timeout: 1 ms }
    slo { p99 latency <= 15 ms }
  }
}
`;

const functions = `import { open, simulate, version } from 'stimpack';
const result = await simulate(await open('design.npu'));
console.log(version, JSON.stringify(result));
`;

/** A client that opens the design and prints the diagnostics of its check and its run. */
const client = `const { spawn } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { pathToFileURL } = require('node:url');
const server = spawn(process.execPath, ['node_modules/stimpack/dist/cli.cjs', 'lsp'], { stdio: ['pipe', 'pipe', 'inherit'] });
const send = (message) => {
  const text = JSON.stringify({ jsonrpc: '2.0', ...message });
  server.stdin.write(\`Content-Length: \${Buffer.byteLength(text)}\\r\\n\\r\\n\${text}\`);
};
let received = '';
const uri = pathToFileURL('design.npu').href;
const text = readFileSync('design.npu', 'utf8').replace('15 ms', '1 ms');
const textDocument = { uri, languageId: 'npu', version: 1, text };
server.stdout.setEncoding('utf8').on('data', (data) => {
  received += data;
  if (received.includes('"slo-violated"')) {
    console.log(/"message":"(p99[^"]*)"/u.exec(received)[1]);
    process.exit(0);
  }
});
send({ id: 1, method: 'initialize', params: { processId: process.pid, rootUri: null, capabilities: { textDocument: { publishDiagnostics: {} } } } });
send({ method: 'initialized', params: {} });
send({ method: 'textDocument/didOpen', params: { textDocument } });
send({ method: 'textDocument/didSave', params: { textDocument: { uri } } });
setTimeout(() => { console.log('no verdict from the server: ' + received); process.exit(1); }, 60_000);
`;

const folder = mkdtempSync(path.join(tmpdir(), 'stimpack-node-'));
try {
  if (process.env.STIMPACK_BUILT !== 'yes') await buildAll();
  const npm = (cwd: string, ...args: readonly string[]): string =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  // The scripts of npm would build a second time.
  const name = npm(repositoryFolder, 'pack', '--ignore-scripts', '--pack-destination', folder)
    .trim()
    .split('\n')
    .at(-1);
  npm(folder, 'init', '--yes');
  npm(folder, 'install', '--offline', '--no-audit', '--no-fund', `./${name}`);
  writeFileSync(path.join(folder, 'design.npu'), design);
  writeFileSync(path.join(folder, 'functions.mjs'), functions);
  writeFileSync(path.join(folder, 'client.cjs'), client);

  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['command line', ['node_modules/stimpack/dist/cli.cjs', 'run', 'design.npu', '--format', 'json']],
    ['functions', ['functions.mjs']],
    ['language server', ['client.cjs']],
  ];
  const expected = new Map<string, string>();
  let failed = 0;
  for (const major of majors) {
    const node = await requireNode(major);
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
    for (const [part, args] of parts) {
      const { problem, output } = attempt(node, args);
      const isSame = expected.get(part) === undefined || expected.get(part) === output;
      if (problem === undefined) expected.set(part, expected.get(part) ?? output);
      const end =
        problem ??
        (isSame
          ? `${output.length} characters, as under each version`
          : 'prints something else than under the versions before');
      if (problem !== undefined || !isSame) failed += 1;
      console.log(`${version.padEnd(10)} ${part.padEnd(16)} ${end}`);
    }
  }
  console.log(failed === 0 ? 'All parts run under each version.' : `${failed} parts failed.`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function attempt(node: string, args: readonly string[]): { readonly problem?: string; readonly output: string } {
  try {
    return { output: execFileSync(node, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error), output: '' };
  }
}
