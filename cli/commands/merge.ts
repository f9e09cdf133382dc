import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { explorationResult } from '../../simulator/index.ts';
import { type Command, type CommandContext, formatOption, type Invocation } from '../command.ts';
import { type Complaint, complain } from '../complaint.ts';
import type { ExitCode } from '../exit-code.ts';
import { renderDocument } from '../json/document.ts';
import { explorationJson } from '../json/exploration.ts';
import { readExploration, type SavedExploration } from '../json/read-exploration.ts';
import { countText } from '../render/value-text.ts';
import { exitCodeOf, tellExploration } from './explore.ts';

export const mergeCommand: Command = {
  name: 'merge',
  summary: 'join the parts of an exploration that explore --out has written',
  description:
    'Reads all results of one exploration in a directory, and says of them together what explore says of all designs at once: the same figures, ' +
    'whoever worked them out. Exit code 0: all designs are there, and one meets all objectives; 1: some are missing, or none does; 2: bad input.',
  positional: { name: 'DIR', many: false, help: 'a directory with what explore --out has written' },
  options: [formatOption('text', 'json', 'csv')],
  examples: ['stimpack merge parts', 'stimpack merge parts --format json > designs.json'],
  run: merge,
};

interface Part {
  readonly name: string;
  readonly saved: SavedExploration;
}

async function merge(invocation: Invocation, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const format = invocation.options.get('format') ?? 'text';
  const json = format === 'json';
  const [directory = ''] = invocation.positionals;
  const refuse = (complaint: Complaint): ExitCode => complain('merge', json, complaint, terminal);

  const parts = partsIn(directory, terminal.directory);
  if (typeof parts === 'string') return refuse({ code: 'no-such-file', message: parts, file: directory });
  const [first] = parts;
  if (first === undefined) {
    const hint = 'stimpack explore FILE --shard 1/4 --out DIR writes one.';
    return refuse({ code: 'no-exploration', message: `${directory} has no result of explore`, hint, file: directory });
  }
  const other = parts.find(({ saved }) => saved.explored.hash !== first.saved.explored.hash);
  if (other !== undefined) {
    const message = `${first.name} and ${other.name} are of different designs: of another exploration, or of a text that was changed in between`;
    return refuse({ code: 'different-explorations', message, file: directory });
  }
  const { exploration, asWritten, explored } = first.saved;
  const result = explorationResult(
    exploration,
    asWritten,
    parts.map(({ saved }) => saved.part),
  );
  if (result.tried < result.count) {
    const missing = countText(result.count - result.tried);
    terminal.err(`${missing} of ${countText(result.count)} designs are missing: a part is not there yet\n`);
  }
  const exitCode = exitCodeOf(result);
  const whole = { ...explored, shard: null };
  if (json) terminal.out(renderDocument('merge', exitCode, { ...explorationJson(result, whole), diagnostics: [] }));
  else tellExploration(result, whole, format, context);
  return exitCode;
}

/** In the order of their names. Other files of the directory are nobody's business; a text says why it cannot be read. */
function partsIn(name: string, from: string): readonly Part[] | string {
  const directory = resolve(from, name);
  try {
    return readdirSync(directory)
      .filter((file) => file.endsWith('.json'))
      .sort()
      .flatMap((file) => {
        const saved = readExploration(readFileSync(join(directory, file), 'utf8'));
        return saved === undefined ? [] : [{ name: file, saved }];
      });
  } catch (error) {
    return `${name}: cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
}
