import type { CommandContext, OptionSpec } from './command.ts';
import type { ExitCode } from './exit-code.ts';
import { reportOf } from './render/safe-lines.ts';

export const watchOption: OptionSpec = {
  name: 'watch',
  short: 'w',
  help: 'do it again whenever one of the files changes, until Ctrl-C',
};

/**
 * The time between two checks of the files. A check is one `stat` for each file, which works on network disks and with editors that replace a
 * file, where notifications of the system do not. Our assumption: a person does not notice this delay.
 */
const lookMilliseconds = 250;

/**
 * Repeats a command whenever a file that it read changes, or `names` returns other files. Returns the exit code of the last time when a
 * signal ends it.
 */
export async function whileWatching(
  context: CommandContext,
  names: () => Promise<readonly string[]>,
  work: () => Promise<ExitCode>,
): Promise<ExitCode> {
  const { terminal, engine, interrupts } = context;
  for (;;) {
    const before = (await names()).join('\n');
    await work();
    if (interrupts.exitCode !== undefined) return interrupts.exitCode;
    terminal.err(reportOf(['watching for changes; Ctrl-C ends']));
    const isStopped = await interrupts.during(async (stop) => {
      for (;;) {
        await pause(lookMilliseconds, stop);
        if (stop.aborted) return true;
        if ((await engine.refresh()) || (await names()).join('\n') !== before) return false;
      }
    });
    if (isStopped) return interrupts.exitCode ?? 0;
    terminal.err('\n');
  }
}

function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    stop.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
