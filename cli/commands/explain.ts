import { type DiagnosticCode, diagnosticCodes } from '../../design/index.ts';
import { type Command, type CommandContext, formatOption, type Invocation } from '../command.ts';
import { refusal } from '../complaint.ts';
import { didYouMean } from '../did-you-mean.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { renderDocument } from '../json/document.ts';
import { renderMarkdown } from '../render/markdown.ts';
import { reportOf } from '../render/safe-lines.ts';

export const explainCommand: Command = {
  name: 'explain',
  summary: 'explain a code of a message, such as slo-violated',
  description:
    'Prints the page about a code of a diagnostic: its cause, what to do, and an example. Without a code, it lists all codes. Exit codes: 0 ' +
    'for success, 2 for an unknown code.',
  positional: {
    name: 'CODE',
    many: false,
    optional: true,
    help: 'the word in brackets of a message: error[unit-mismatch]',
  },
  options: [formatOption('text', 'json')],
  examples: ['stimpack explain slo-violated', 'stimpack explain'],
  run: explain,
};

async function explain({ positionals, options }: Invocation, context: CommandContext): Promise<ExitCode> {
  const { terminal, readShipped } = context;
  const format = options.get('format') ?? 'text';
  const codes = Object.keys(diagnosticCodes).sort() as DiagnosticCode[];
  const [written] = positionals;
  if (written === undefined) {
    if (format === 'json')
      terminal.out(renderDocument('explain', exitCodes.ok, { codes: codes.map(factsOf), diagnostics: [] }));
    else {
      const width = Math.max(...codes.map((code) => code.length));
      terminal.out(reportOf(codes.map((code) => `${code.padEnd(width)}  ${diagnosticCodes[code].title}`)));
    }
    return exitCodes.ok;
  }
  // The brackets are accepted, because people copy them with the code.
  const asked = written.replace(/^(?:error|warning|info|hint)?\[?|\]$/gu, '');
  const code = codes.find((each) => each === asked);
  if (code === undefined) {
    const message = `no diagnostic has the code '${asked}'${didYouMean(asked, codes)}`;
    return refusal(
      'explain',
      format,
      terminal,
    )({
      code: 'usage',
      message,
      hint: 'stimpack explain lists all codes.',
    });
  }
  const page = readShipped(`docs/diagnostics/${code}.md`);
  if (page === undefined) throw new Error(`the page of '${code}' is missing in the package`);
  if (format === 'json')
    terminal.out(renderDocument('explain', exitCodes.ok, { ...factsOf(code), text: page, diagnostics: [] }));
  else terminal.out(renderMarkdown(page, terminal.look));
  return exitCodes.ok;
}

function factsOf(code: DiagnosticCode): { readonly code: string; readonly severity: string; readonly title: string } {
  return { code, ...diagnosticCodes[code] };
}
