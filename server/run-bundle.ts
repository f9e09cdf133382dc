import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Script } from 'node:vm';
import { threadId } from 'node:worker_threads';

/** How long after its start what a program has compiled is kept: by then it has opened its first file. Our assumption. */
const settledMilliseconds = 4000;

const headerBytes = 64;
const before = '(function (exports, require, module, __filename, __dirname) {';
const after = '\n})';

type Wrapped = (
  exports: object,
  require: NodeJS.Require,
  module: { readonly exports: object },
  filename: string,
  dirname: string,
) => void;

/** Of every word of `data` (FNV-1a, by 32 bits): V8 trusts what it reads, and dies of a single wrong byte. A word changed is always seen. */
function checksumOf(data: Uint8Array): number {
  const words = new Int32Array(data.buffer, data.byteOffset, data.byteLength >> 2);
  let sum = words.length;
  for (let i = 0; i < words.length; i++) sum = Math.imul(sum ^ (words[i] ?? 0), 16_777_619);
  for (let i = words.length * 4; i < data.byteLength; i++) sum = Math.imul(sum ^ (data[i] ?? 0), 16_777_619);
  return sum;
}

/** What is at the head of kept code: whose it is, and that it is whole. V8 itself asks for its own version and flags. */
function headerOf(bundle: string, data: Uint8Array): string {
  const { size, mtimeMs } = statSync(bundle);
  return `${size} ${mtimeMs} ${data.byteLength} ${checksumOf(data)}`.padEnd(headerBytes);
}

function read(bundle: string, kept: string): Buffer | undefined {
  try {
    const bytes = readFileSync(kept);
    const data = bytes.subarray(headerBytes);
    return bytes.toString('latin1', 0, headerBytes) === headerOf(bundle, data) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** A full or read-only disk costs time at the next start, and nothing else. */
function write(bundle: string, kept: string, data: Buffer): void {
  // Another window or thread may start at the same time: what has the name is always whole.
  const begun = `${kept}.${process.pid}.${threadId}`;
  try {
    mkdirSync(path.dirname(kept), { recursive: true });
    try {
      writeFileSync(begun, Buffer.concat([Buffer.from(headerOf(bundle, data), 'latin1'), data]));
      renameSync(begun, kept);
    } catch {
      rmSync(begun, { force: true });
    }
  } catch {
    return;
  }
}

/**
 * Runs a CommonJS bundle as `require` would, with what V8 compiled of it when it ran before; `directory` is where that is kept, undefined
 * where it is not. True where it was used. Node has this itself from 22.8 on (module.enableCompileCache); editors of our range run 20 as well.
 */
export function runBundle(bundle: string, directory: string | undefined): boolean {
  const require = createRequire(bundle);
  if (directory === undefined || directory === '') {
    require(bundle);
    return false;
  }
  const kept = path.join(directory, `${path.basename(bundle)}.bin`);
  const cachedData = read(bundle, kept);
  const script = new Script(before + readFileSync(bundle, 'utf8') + after, {
    filename: bundle,
    // Places in a stack trace are those of the file.
    columnOffset: -before.length,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module = { exports: {} };
  const run = script.runInThisContext() as Wrapped;
  run(module.exports, require, module, bundle, path.dirname(bundle));
  if (cachedData !== undefined && script.cachedDataRejected !== true) return true;
  setTimeout(() => write(bundle, kept, script.createCachedData()), settledMilliseconds).unref();
  return false;
}
