import { caveatText, type Diagnostic, runVerdict, type Severity, shownMessage } from '../../design/index.ts';
import { allDiagnostics, type CommandReport, placeOf } from './file-report.ts';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'notice'>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
};

/**
 * Workflow commands of GitHub Actions, which shows them at the lines of a pull request, then one line for each file or scenario, with its caveats. See "Workflow
 * commands for GitHub Actions" in GitHub's documentation: `::error file=...,line=...,col=...::message`.
 */
export function githubReport(report: CommandReport): string {
  const { files, sources } = report;
  const lines = files.flatMap(({ complaints }) =>
    complaints.map(({ code, message, file }) => commandOf('error', { file, title: code }, message)),
  );
  for (const each of allDiagnostics(report)) {
    const place = placeOf(each.origin, sources);
    const properties = {
      file: sources.nameOf(each.origin.uri),
      line: place?.start.line,
      endLine: place?.end.line,
      // GitHub rejects columns of a range over several lines.
      ...(place !== undefined && place.start.line === place.end.line
        ? { col: place.start.column, endColumn: place.end.column }
        : {}),
      title: each.code,
    };
    lines.push(commandOf(levels[each.severity], properties, fullMessage(each)));
  }
  for (const { name, complaints, diagnostics, outcomes } of files) {
    for (const { result } of outcomes) {
      lines.push(plain(`${name}: ${result.scenario}: ${runVerdict(result.main)}`));
      for (const caveat of result.main.caveats) lines.push(plain(`  caveat: ${caveatText(caveat)}`));
    }
    if (outcomes.length > 0) continue;
    const errors = complaints.length + diagnostics.filter(({ severity }) => severity === 'error').length;
    lines.push(plain(`${name}: ${errors === 0 ? 'no errors' : `${errors} error${errors === 1 ? '' : 's'}`}`));
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** The message and the titles of the quick fixes, because an annotation has no other place for them. */
function fullMessage({ message, fixes = [] }: Diagnostic): string {
  return [shownMessage(message), ...fixes.slice(0, 2).map(({ title }) => `help: ${shownMessage(title)}`)].join('\n');
}

function commandOf(
  level: string,
  properties: Readonly<Record<string, string | number | undefined>>,
  message: string,
): string {
  const given = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${escaped(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`],
  );
  return `::${level} ${given.join(',')}::${escaped(message)}`;
}

const escaped = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** A line that GitHub only prints. A name must not make a command of it. */
function plain(line: string): string {
  const oneLine = line.replaceAll(/[\r\n]/gu, ' ');
  return oneLine.startsWith('::') ? ` ${oneLine}` : oneLine;
}
