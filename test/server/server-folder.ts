import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach } from 'vitest';
import { type ServerOptions, TestServer } from './language-server.ts';

/**
 * A new folder for each test of a file, and the servers that have it as their workspace. After the test, the servers
 * are stopped and the folder is removed.
 */
export interface ServerFolder {
  /** The path of a file in the folder. */
  at(name: string): string;
  /** As Node writes it. */
  uriOf(name: string): string;
  /** Writes a file and the folders above it. Returns its URI. */
  write(name: string, text: string): string;
  start(options?: ServerOptions): Promise<TestServer>;
}

export function useServerFolder(): ServerFolder {
  let folder = '';
  const servers: TestServer[] = [];
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'stimpack-server-'));
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const at = (name: string): string => path.join(folder, name);
  const uriOf = (name: string): string => pathToFileURL(at(name)).href;
  return {
    at,
    uriOf,
    write: (name, text) => {
      mkdirSync(path.dirname(at(name)), { recursive: true });
      writeFileSync(at(name), text);
      return uriOf(name);
    },
    start: async (options = {}) => {
      const { server } = await TestServer.start({ folders: [uriOf('')], ...options });
      servers.push(server);
      return server;
    },
  };
}
