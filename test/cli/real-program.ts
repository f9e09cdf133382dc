import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll } from 'vitest';
import { runProgram } from '../../cli/program.ts';
import { engineOn } from '../../cli/real-engine.ts';
import { createNodeSources, openLibrary, readShippedText } from '../../host/index.ts';
import { noInterrupts } from './hand-made.ts';
import { type Ran, recordingTerminal } from './small-program.ts';

/** A small chip, network and load: a run takes milliseconds. */
export const tinyDesign = `// A comment.
import "stimpack/tpuv4i"
let load = 2000 rps
npu Tiny extends TPUv4i {
  clock: 1 GHz
  HBM { bandwidth: 610 GB/s }
}
model Net {
  input: 8 x 8 x 16
  accuracy { bf16: 76 % }
  layers {
    one: dense { outputs: 256 }
    two: dense { outputs: 256 }
  }
}
scenario Calm {
  npu: Tiny
  scheduler { order: fifo, burst: never }
  duration: 2000 requests
  serve Net {
    arrivals: poisson(load)
    slo { p99 latency <= 5 ms, accuracy >= 75 % }
  }
}
`;

export interface RealProgram {
  readonly directory: string;
  /** Writes files by name, with their folders. */
  readonly write: (files: Readonly<Record<string, string | Uint8Array>>) => void;
  readonly stimpack: (...args: readonly string[]) => Promise<Ran>;
  readonly git: (...args: readonly string[]) => string;
  /** Writes files, and commits everything in the folder. */
  readonly commit: (files: Readonly<Record<string, string | Uint8Array>>) => void;
}

/** The program with its real engine, in this thread, in a new folder that is removed after the tests of the file. */
export function realProgram(): RealProgram {
  const directory = mkdtempSync(join(tmpdir(), 'npu-real-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const git = (...args: readonly string[]): string => {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
    return execFileSync('git', [...identity, ...args], { cwd: directory, encoding: 'utf8', stdio: 'pipe' }).trim();
  };
  const write: RealProgram['write'] = (files) => {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), content);
    }
  };
  return {
    directory,
    write,
    git,
    commit: (files) => {
      write(files);
      git('add', '--all');
      git('commit', '--quiet', '--message', 'change');
    },
    stimpack: async (...args) => {
      const { terminal, written } = recordingTerminal(directory);
      const code = await runProgram(args, {
        terminal,
        engine: engineOn(createNodeSources(openLibrary(resolve('library')))),
        interrupts: noInterrupts,
        readPanel: () => ({ script: '', style: '' }),
        readShipped: (path) => readShippedText(resolve('package.json'), path),
        startLanguageServer: async () => 0,
        startAgentServer: async () => 0,
        readStandardInput: async () => new TextEncoder().encode(tinyDesign),
      });
      return { code, ...written };
    },
  };
}
