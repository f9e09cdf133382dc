import { describe, expect, test } from 'vitest';
import type { ExitCode } from '../../cli/exit-code.ts';
import { runProgram } from '../../cli/program.ts';
import { engineThat, recordingTerminal, smallProgram } from './small-program.ts';

const { directory } = smallProgram();

/** Runs a command that watches. `looks`: whether a file has changed, for each look. The look after the last one is a Ctrl-C. */
async function watched(line: string, looks: readonly boolean[]): Promise<{ code: number; out: string; err: string }> {
  const { terminal, written } = recordingTerminal(directory);
  const controller = new AbortController();
  let look = 0;
  let exitCode: ExitCode | undefined;
  const engine = {
    ...engineThat('met'),
    refresh: async () => {
      const changed = looks[look++];
      if (changed === undefined) {
        exitCode = 130;
        controller.abort();
      }
      return changed ?? false;
    },
  };
  const interrupts = {
    during: <T>(work: (stop: AbortSignal) => Promise<T>) => work(controller.signal),
    get exitCode() {
      return exitCode;
    },
  };
  const context = {
    terminal,
    engine,
    interrupts,
    readPanel: () => undefined,
    readShipped: () => undefined,
    startLanguageServer: async (): Promise<ExitCode> => 0,
    startAgentServer: async (): Promise<ExitCode> => 0,
    readStandardInput: async () => Buffer.of(),
  };
  return { code: await runProgram(line.split(' '), context), ...written };
}

describe('--watch', () => {
  test.each([
    ['check good.npu --watch', [], 1],
    ['check good.npu --watch', [false, true, false, true], 3],
    ['run good.npu -w --quiet', [true], 0],
  ])('%s, changes %j', async (line, looks, reports) => {
    const { code, out, err } = await watched(line, looks);
    expect(code).toBe(130);
    expect(out.split('no problems in 1 file').length - 1).toBe(reports);
    expect(err.split('watching for changes').length - 1).toBe(looks.filter((each) => each).length + 1);
  });
});
