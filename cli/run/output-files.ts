import { formatSeconds, listed, type ScenarioResult } from '../../design/index.ts';
import { writeChromeTrace } from '../../formats/index.ts';
import type { CommandContext } from '../command.ts';
import type { Complaint } from '../complaint.ts';
import { htmlPage } from '../html-page.ts';
import { foreseeTrouble, isSameOutput, writeOutput } from '../output-file.ts';
import type { Outcome } from '../report/index.ts';
import type { Chosen, RunRequest } from './request.ts';

/** The reason why `--html` or `--trace` cannot be written, before a simulation. */
export function fileTrouble(
  chosen: readonly Chosen[],
  { html, trace }: RunRequest,
  { terminal, engine }: CommandContext,
): Complaint | undefined {
  const scenarios = chosen.flatMap((each) => each.scenarios);
  if (trace !== undefined && scenarios.length > 1) {
    const names = listed(scenarios.map((scenario) => scenario.name));
    return { code: 'usage', message: `a trace shows one scenario: name it with --scenario (${names})` };
  }
  if (html !== undefined && chosen.length > 1) {
    return {
      code: 'usage',
      message: `a page shows one file, but got ${chosen.length} files with scenarios; name one of them`,
    };
  }
  if (chosen.length === 0) return undefined;
  if (html !== undefined && trace !== undefined && isSameOutput(html.file, trace, terminal.directory)) {
    return { code: 'usage', message: `'--html' and '--trace' name the same file, ${trace}; name two files` };
  }
  for (const file of [html?.file, trace]) {
    const trouble = file === undefined ? undefined : foreseeTrouble(file, terminal.directory, engine.filesRead());
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}

/** Writes `--html` and `--trace`. A file that cannot be written does not cost the results: they are reported all the same. */
export function writeFiles(
  chosen: readonly Chosen[],
  outcomes: readonly Outcome[],
  { html, trace }: RunRequest,
  { terminal, engine }: CommandContext,
): readonly Complaint[] {
  const [first] = chosen;
  if (first === undefined) return [];
  const results = outcomes.map(({ result }) => result);
  const troubles: Complaint[] = [];
  const write = (file: string, text: string): boolean => {
    const trouble = writeOutput(file, terminal.directory, text, engine.filesRead());
    if (trouble !== undefined) troubles.push(trouble);
    return trouble === undefined;
  };
  if (html !== undefined) write(html.file, htmlPage(first.read.uri, first.name, results, html.panel));
  if (trace !== undefined && write(trace, results.map(writeChromeTrace).join(''))) {
    terminal.err(traceNote(trace, results));
  }
  return troubles;
}

/** Reports if a trace does not contain the whole run. */
function traceNote(file: string, results: readonly ScenarioResult[]): string {
  return results
    .map(({ main }) => {
      const { windowStartSeconds: start, windowEndSeconds: end } = main.timeline.segments;
      if (start <= 0 && end >= main.seconds) return '';
      const whole = formatSeconds(main.seconds);
      return `${file}: segments from ${formatSeconds(start)} to ${formatSeconds(end)} of ${whole}; counters for all of it\n`;
    })
    .join('');
}
