import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isFile, removeFolder, undoAtExit } from './processes.ts';

/**
 * The folder of downloaded tools. It is outside of the source tree, so that a clean clone does not download them again.
 */
export function cacheFolder(): string {
  const chosen = process.env.STIMPACK_CACHE;
  if (chosen !== undefined && chosen !== '') return chosen;
  const base = process.env.XDG_CACHE_HOME;
  return join(base !== undefined && base !== '' ? base : join(homedir(), '.cache'), 'stimpack');
}

/**
 * A tool in the cache. `name` is its folder and must contain the versions, because another version needs another
 * folder.
 */
export interface CachedTool {
  readonly name: string;
  /** Printed for the user, and written into the marker. */
  readonly versions: Readonly<Record<string, string>>;
  /**
   * Installs the tool into an empty folder, which is renamed afterwards. So no file of the tool may contain its
   * absolute path.
   */
  readonly install: (folder: string) => Promise<void>;
}

/** The marker is written last and moves with the folder. A folder that has it is complete. */
const MARKER = 'installed.json';

/** The folder of a tool, which is installed first if it is missing. */
export async function installed(tool: CachedTool): Promise<string> {
  const folder = join(cacheFolder(), tool.name);
  if (isFile(join(folder, MARKER))) return folder;
  mkdirSync(cacheFolder(), { recursive: true });
  return withLock(tool.name, async () => {
    if (isFile(join(folder, MARKER))) return folder;
    const list = Object.entries(tool.versions).map(([name, version]) => `${name} ${version}`);
    console.log(`Installing ${list.join(', ')} into ${folder} (once; STIMPACK_CACHE chooses another place)`);
    const started = Date.now();
    const half = `${folder}.half-${process.pid}`;
    // This process has the lock, so no other process will finish these incomplete folders.
    for (const name of readdirSync(cacheFolder())) {
      if (name.startsWith(`${tool.name}.half-`)) removeFolder(join(cacheFolder(), name));
    }
    mkdirSync(half);
    const undoHalf = undoAtExit(() => removeFolder(half));
    try {
      await tool.install(half);
      writeFileSync(join(half, MARKER), `${JSON.stringify({ versions: tool.versions }, null, 2)}\n`);
      removeFolder(folder);
      renameSync(half, folder);
    } finally {
      undoHalf();
    }
    console.log(`Installed in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
    return folder;
  });
}

/**
 * A lock older than this belongs to a process that hangs, or to another machine that shares the home folder. Our
 * assumption.
 */
const LOCK_EXPIRES_MS = 20 * 60_000;

/**
 * Runs `action` while no other process of this machine runs an action with the same name. The lock avoids double work.
 * It does not protect the cache; the rename of a finished folder does. So the small race when a process takes over the
 * lock of a dead process is harmless.
 */
export async function withLock<T>(name: string, action: () => Promise<T>): Promise<T> {
  mkdirSync(cacheFolder(), { recursive: true });
  const lock = join(cacheFolder(), `${name}.lock`);
  let reported = false;
  while (!tryLock(lock)) {
    if (isStale(lock)) {
      unlinkIfThere(lock);
      continue;
    }
    if (!reported) console.log(`Waiting for another process that has ${lock}`);
    reported = true;
    await sleep(250);
  }
  const unlock = undoAtExit(() => unlinkIfThere(lock));
  try {
    return await action();
  } finally {
    unlock();
  }
}

/** A hard link appears with its content or not at all. A created file would be empty for a moment. */
function tryLock(lock: string): boolean {
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkIfThere(mine);
  }
}

function isStale(lock: string): boolean {
  const stat = statSync(lock, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  if (Date.now() - stat.mtimeMs > LOCK_EXPIRES_MS) return true;
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
