import type { CommandContext } from '../command.ts';
import { aheadOf } from '../input/jobs.ts';
import { blankLine, longWork } from '../long-work.ts';
import { renderDiagnostics } from '../render/diagnostics.ts';
import { renderRunReport } from '../render/run-report/index.ts';
import type { Outcome } from '../report/index.ts';
import type { Chosen, RunRequest } from './request.ts';

/** Simulates the scenarios and prints each report when it is ready. Returns the outcomes by file, or the text for a stopped run. */
export async function simulate(
  chosen: readonly Chosen[],
  request: RunRequest,
  context: CommandContext,
): Promise<ReadonlyMap<string, readonly Outcome[]> | string> {
  const { terminal, engine, interrupts } = context;
  const tasks = chosen.flatMap(({ name, read, scenarios }) => scenarios.map((scenario) => ({ name, read, scenario })));
  const seeded = tasks.map(({ scenario }) =>
    request.seed === undefined ? scenario : { ...scenario, seed: request.seed },
  );
  const done: number[] = [];
  const resultOf = aheadOf(tasks.length, request.jobs, async (index) => {
    const scenario = seeded[index];
    if (scenario === undefined) throw new Error(`scenario ${index} of ${tasks.length} does not exist`);
    const onProgress = (fraction: number): void => {
      done[index] = fraction;
    };
    return interrupts.during((stop) => engine.simulate(scenario, onProgress, stop));
  });
  const found = new Map<string, Outcome[]>();
  for (const [index, { name, read, scenario: declared }] of tasks.entries()) {
    const scenario = seeded[index] ?? declared;
    const separate = blankLine(context, request.format === 'text' && !request.quiet && index > 0);
    const result = await longWork(
      context,
      () => ({ name: scenario.name, fraction: done[index] ?? 0 }),
      () => resultOf(index),
      separate,
    );
    if (result === undefined) {
      const files = [request.html?.file, request.trace];
      return stoppedMessage(scenario.name, index, tasks.length, files);
    }
    const diagnostics = engine.sloDiagnostics(result, scenario);
    found.set(name, [...(found.get(name) ?? []), { scenario, result, diagnostics }]);
    if (request.format !== 'text') continue;
    // Each report is written when it is ready, so the first one can be read while the second scenario runs.
    if (!request.quiet) separate();
    const report = request.quiet ? '' : renderRunReport(result, terminal.look);
    const complaints = renderDiagnostics(diagnostics, read.sources, terminal.look);
    const gap = report === '' || complaints === '' ? '' : '\n';
    terminal.out(`${report}${gap}${complaints === '' ? '' : `${complaints.trimEnd()}\n`}`);
  }
  return found;
}

function stoppedMessage(name: string, finished: number, of: number, files: readonly (string | undefined)[]): string {
  const unwritten = files.flatMap((file) => (file === undefined ? [] : [`${file} was not written.`]));
  return [`the simulation of ${name} ended early. ${finished} of ${of} scenarios are finished.`, ...unwritten].join(
    ' ',
  );
}
