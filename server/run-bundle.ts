import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Script } from 'node:vm';
import { threadId } from 'node:worker_threads';

/**
 * The time after the start at which the compiled code is stored. By then, the program has opened its first file. Our
 * assumption.
 */
const settledMilliseconds = 4000;

const headerBytes = 64;
const before = '(function (exports, require, module, __filename, __dirname) {';
const after = '\n})';

type Wrapped = (
  exports: object,
  require: (name: string) => unknown,
  module: { readonly exports: object },
  filename: string,
  dirname: string,
) => void;

/**
 * The checksum of every word of `data` (FNV-1a, by 32 bits). V8 does not check the data, and one wrong byte can crash it.
 * A change of any word changes the checksum.
 */
function checksumOf(data: Uint8Array): number {
  const words = new Int32Array(data.buffer, data.byteOffset, data.byteLength >> 2);
  let sum = words.length;
  for (let i = 0; i < words.length; i++) sum = Math.imul(sum ^ (words[i] ?? 0), 16_777_619);
  for (let i = words.length * 4; i < data.byteLength; i++) sum = Math.imul(sum ^ (data[i] ?? 0), 16_777_619);
  return sum;
}

/**
 * The header of stored code identifies its bundle and proves that the data is complete. V8 itself checks its own
 * version and flags.
 */
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

/** A full or read-only disk only makes the next start slower. */
function write(bundle: string, kept: string, data: Buffer): void {
  // Another window or thread may start at the same time. The rename ensures that the final name always has a complete
  // file.
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
 * Runs a CommonJS bundle as `require` would, with the code that V8 compiled in an earlier run. The bundles beside it that it requires
 * (`./NAME.cjs`) are run in the same way. `directory` is the folder for that code; undefined stores none. Returns true if stored code was used for
 * `bundle`. Node has this feature from 22.8 on (module.enableCompileCache), but the editors that we support also use Node 20. `use` gets what the
 * bundle exports.
 */
export function runBundle(
  bundle: string,
  directory: string | undefined,
  use: (exports: unknown) => void = () => undefined,
): boolean {
  if (directory === undefined || directory === '') {
    use(createRequire(bundle)(bundle));
    return false;
  }
  const { exports, fromStored } = runStored(bundle, directory, new Map());
  use(exports);
  return fromStored;
}

/** `loaded` contains the exports of the bundles that were required before. */
function runStored(
  bundle: string,
  directory: string,
  loaded: Map<string, unknown>,
): { readonly exports: unknown; readonly fromStored: boolean } {
  const kept = path.join(directory, `${path.basename(bundle)}.bin`);
  const cachedData = read(bundle, kept);
  const script = new Script(before + readFileSync(bundle, 'utf8') + after, {
    filename: bundle,
    // Keeps the columns in a stack trace equal to those of the file.
    columnOffset: -before.length,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const builtin = createRequire(bundle);
  const require = (name: string): unknown => {
    if (!name.startsWith('./')) return builtin(name);
    if (!loaded.has(name)) {
      loaded.set(name, runStored(path.join(path.dirname(bundle), name), directory, loaded).exports);
    }
    return loaded.get(name);
  };
  const module = { exports: {} };
  const run = script.runInThisContext() as Wrapped;
  run(module.exports, require, module, bundle, path.dirname(bundle));
  const fromStored = cachedData !== undefined && script.cachedDataRejected !== true;
  if (!fromStored) setTimeout(() => write(bundle, kept, script.createCachedData()), settledMilliseconds).unref();
  return { exports: module.exports, fromStored };
}
