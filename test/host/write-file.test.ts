import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, test } from 'vitest';
import { writeFileSafely } from '../../host/index.ts';

const directory = mkdtempSync(join(tmpdir(), 'npu-write-'));
afterAll(() => rmSync(directory, { recursive: true }));

let folders = 0;
function emptyFolder(): string {
  const folder = join(directory, String(folders++));
  mkdirSync(folder);
  return folder;
}

/** A program that writes files as we do. Gives its path. */
function bundled(outfile: string, program: string): string {
  const contents = `import { writeFileSafely } from './host/write-file.ts';\n${program}`;
  const stdin = { contents, resolveDir: resolve('.'), loader: 'ts' } as const;
  buildSync({ stdin, bundle: true, platform: 'node', format: 'cjs', outfile });
  return outfile;
}

function endsWell(child: ChildProcess): Promise<boolean> {
  return new Promise((done) => child.on('exit', (code) => done(code === 0)));
}

describe('writing a file', () => {
  test('creates it, text and bytes alike, and leaves no other file', () => {
    const folder = emptyFolder();
    writeFileSafely(join(folder, 'größe.npu'), 'größe\n');
    writeFileSafely(join(folder, 'b.bin'), Uint8Array.of(0, 255));
    expect(readFileSync(join(folder, 'größe.npu'), 'utf8')).toBe('größe\n');
    expect([...readFileSync(join(folder, 'b.bin'))]).toEqual([0, 255]);
    expect(readdirSync(folder).sort()).toEqual(['b.bin', 'größe.npu']);
  });
  test('writes pieces one after the other, and leaves the old file if one of them cannot be made', () => {
    const path = join(emptyFolder(), 'a.jsonl');
    const lines = Array.from({ length: 3 }, (_, at) => `${at}${'größe'.repeat(100_000)}\n`);
    writeFileSafely(path, { pieces: lines });
    expect(readFileSync(path, 'utf8')).toBe(lines.join(''));
    const pieces = (function* () {
      yield* lines;
      throw new Error('no more');
    })();
    expect(() => writeFileSafely(path, { pieces })).toThrow('no more');
    expect([readFileSync(path, 'utf8'), readdirSync(join(path, '..'))]).toEqual([lines.join(''), ['a.jsonl']]);
  });
  test('replaces its content and keeps its permissions', () => {
    const path = join(emptyFolder(), 'a.npu');
    writeFileSync(path, 'a much longer old text');
    chmodSync(path, 0o640);
    writeFileSafely(path, 'new');
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual(['new', 0o640]);
  });
  test('writes through a symbolic link, which stays a link', () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'elsewhere'));
    const real = join(folder, 'elsewhere', 'real.npu');
    writeFileSync(real, 'old');
    symlinkSync(real, join(folder, 'link.npu'));
    writeFileSafely(join(folder, 'link.npu'), 'new');
    expect(lstatSync(join(folder, 'link.npu')).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toBe('new');
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual(['real.npu']);
  });
  test('writes through links to a file that does not exist yet', () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'elsewhere'));
    symlinkSync('elsewhere/link.npu', join(folder, 'link.npu'));
    symlinkSync('../elsewhere/real.npu', join(folder, 'elsewhere', 'link.npu'));
    writeFileSafely(join(folder, 'link.npu'), 'new');
    expect(lstatSync(join(folder, 'link.npu')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'elsewhere', 'real.npu'), 'utf8')).toBe('new');
    expect(readdirSync(join(folder, 'elsewhere'))).toEqual(['link.npu', 'real.npu']);
  });
  test('a link that leads to itself is an error', () => {
    const path = join(emptyFolder(), 'loop.npu');
    symlinkSync('loop.npu', path);
    expect(() => writeFileSafely(path, 'text')).toThrow(expect.objectContaining({ code: 'ELOOP' }));
  });
  test('writes directly into a file that is not a regular one', () => {
    writeFileSafely('/dev/null', 'text');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });
  test('a named pipe that no program reads from is an error, and does not wait for one', () => {
    const path = join(emptyFolder(), 'pipe');
    execFileSync('mkfifo', [path]);
    expect(() => writeFileSafely(path, 'text')).toThrow(expect.objectContaining({ code: 'ENXIO' }));
  });
  test('a named pipe with a reader gets all of it', async () => {
    const path = join(emptyFolder(), 'pipe');
    execFileSync('mkfifo', [path]);
    const text = 'text'.repeat(100_000);
    const reader = spawn('cat', [path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const read = new Promise<string>((done) => {
      let all = '';
      reader.stdout.on('data', (piece) => {
        all += piece;
      });
      reader.on('close', () => done(all));
    });
    // The reader needs a moment to open it. Another process writes: in this one a full pipe would keep the reader's output from arriving.
    const program = bundled(
      join(emptyFolder(), 'once.cjs'),
      'writeFileSafely(process.argv[2], process.argv[3].repeat(100_000));',
    );
    let isWritten = false;
    while (!isWritten)
      isWritten = await endsWell(spawn(process.execPath, [program, path, 'text'], { stdio: 'ignore' }));
    expect(await read).toBe(text);
  });
  test.skipIf(process.getuid?.() !== 0)('a write-protected file is not replaced, although its folder allows it', () => {
    const folder = emptyFolder();
    chmodSync(directory, 0o755);
    chmodSync(folder, 0o777);
    const path = join(folder, 'a.npu');
    writeFileSync(path, 'old');
    chmodSync(path, 0o444);
    const program = bundled(
      join(folder, 'once.cjs'),
      "try { writeFileSafely(process.argv[2], 'new'); } catch (error) { console.log(error.code); }",
    );
    // Root may write everything.
    const out = execFileSync(process.execPath, [program, path], { uid: 65534, gid: 65534, encoding: 'utf8' });
    expect([out.trim(), readFileSync(path, 'utf8'), readdirSync(folder).sort()]).toEqual([
      'EACCES',
      'old',
      ['a.npu', 'once.cjs'],
    ]);
  });
  test('a name as long as the file system allows', () => {
    const path = join(emptyFolder(), `${'é'.repeat(125)}.npu`);
    writeFileSafely(path, 'text');
    expect(readFileSync(path, 'utf8')).toBe('text');
  });
  test.each([
    ['a directory', '.', 'EISDIR'],
    ['a directory that does not exist', 'none/a.npu', 'ENOENT'],
  ])('%s is an error', (_, name, code) => {
    expect(() => writeFileSafely(join(emptyFolder(), name), 'text')).toThrow(expect.objectContaining({ code }));
  });
  test('removes only old temporary files of processes that were killed', () => {
    const folder = emptyFolder();
    const old = join(folder, '.a.npu.stimpack-0123456789ab.tmp');
    const recent = join(folder, '.a.npu.stimpack-ba9876543210.tmp');
    const other = join(folder, '.b.npu.stimpack-0123456789ab.tmp');
    for (const path of [old, recent, other]) writeFileSync(path, 'part');
    for (const path of [old, other]) utimesSync(path, 1, 1);
    writeFileSafely(join(folder, 'a.npu'), 'text');
    expect([old, recent, other].map((path) => existsSync(path))).toEqual([false, true, true]);
  });
});

/** A file system of 16 KiB; undefined where this user may not mount one. */
function smallDisk(): string | undefined {
  const folder = emptyFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'none', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    return undefined;
  }
}

const disk = smallDisk();
afterAll(() => {
  if (disk !== undefined) execFileSync('umount', [disk]);
});

describe.skipIf(disk === undefined)('on a full disk', () => {
  test('the old file stays as it was, and no temporary file remains', () => {
    const folder = disk ?? '';
    const path = join(folder, 'a.npu');
    writeFileSync(path, 'old text');
    try {
      writeFileSync(join(folder, 'fill'), 'x'.repeat(1 << 16));
    } catch {
      // Meant to fail: the disk is full now.
    }
    expect(() => writeFileSafely(path, 'new text '.repeat(1000))).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
    expect(readFileSync(path, 'utf8')).toBe('old text');
    expect(readdirSync(folder).sort()).toEqual(['a.npu', 'fill']);
  });
});

test('a process that is killed at any moment leaves the old text or the new one', async () => {
  const folder = emptyFolder();
  const path = join(folder, 'a.txt');
  const program = join(folder, 'writer.cjs');
  bundled(
    program,
    `const texts = ['a'.repeat(300_000), 'b'.repeat(200_000)];
     writeFileSafely(process.argv[2], texts[0]);
     process.send('ready');
     for (let turn = 0; turn < 100_000; turn++) writeFileSafely(process.argv[2], texts[turn % 2]);`,
  );
  const seen = new Set<string>();
  for (let kill = 0; kill < 12; kill++) {
    await new Promise<void>((done) => {
      const child = spawn(process.execPath, [program, path], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      child.once('message', () => setTimeout(() => child.kill('SIGKILL'), 1 + ((kill * 7) % 23)));
      child.once('exit', () => done());
    });
    const text = readFileSync(path, 'utf8');
    seen.add(`${text.length} of ${[...new Set(text)].join('')}`);
  }
  expect([...seen].filter((text) => text !== '300000 of a' && text !== '200000 of b')).toEqual([]);
});
