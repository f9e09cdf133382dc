import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { designsToTry, listed, type Plan, readProblemText } from '../../design/index.ts';
import { readLimits } from '../../engine/index.ts';
import { type Claim, readResults } from '../../formats/index.ts';
import { readPath } from '../../host/index.ts';
import { explorationResult } from '../../simulator/index.ts';
import { differentSeeds, mismatch, type NamedPart, unused, withoutContradictions } from '../agreeing-parts.ts';
import { type Command, type CommandContext, formatOption, type Invocation } from '../command.ts';
import { type Complaint, complain, complainOfAll, complaintJson, renderComplaint } from '../complaint.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { FinishedDesigns } from '../finished-designs.ts';
import { printDocument } from '../json/document.ts';
import { explorationJson } from '../json/exploration.ts';
import { runAgain } from '../missing-shards.ts';
import { foreseeTrouble } from '../output-file.ts';
import { reportOf } from '../render/safe-lines.ts';
import { countText } from '../render/value-text.ts';
import { exitCodeOf, reportExploration } from '../report-exploration.ts';
import { explorationOf, exploredDesigns } from '../result-parts.ts';
import { version } from '../version.ts';
import { outProblem, writeTable } from '../write-table.ts';

export const mergeCommand: Command = {
  name: 'merge',
  summary: 'join the parts of an exploration',
  description:
    'Reads all results files that explore --out has written into a directory, and reports the same numbers as explore without --shard. ' +
    'A part that is damaged, or belongs to another exploration or version, is reported and not used. So are two parts that disagree about a design. merge also lists the shards that are ' +
    'missing. Exit codes: 0 if all designs are present and one meets all objectives, 1 if designs are missing or none meets all objectives, ' +
    '2 if a part is damaged or disagrees with another one, the parts do not belong together, or the file of --out cannot be written. --format parquet writes a table with one ' +
    'row for each design into the file of --out, and reports it as text.',
  positional: { name: 'DIR', many: false, help: 'a directory with files that explore --out has written' },
  options: [
    formatOption('text', 'json', 'csv', 'parquet'),
    { name: 'out', short: 'o', value: 'FILE', help: 'the file that --format parquet writes' },
  ],
  examples: [
    'stimpack merge parts',
    'stimpack merge parts --format json > designs.json',
    'stimpack merge parts --format parquet --out designs.parquet',
  ],
  run: merge,
};

/** The content of a directory. A damaged part is an error, but the others are still reported. */
interface Found {
  readonly parts: readonly NamedPart[];
  readonly damaged: readonly Complaint[];
  /** What damaged parts state about themselves. */
  readonly claims: readonly Claim[];
  /** Names of files that are not results. */
  readonly foreign: readonly string[];
}

async function merge(invocation: Invocation, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const format = invocation.options.get('format') ?? 'text';
  const json = format === 'json';
  const [directory = ''] = invocation.positionals;
  const refuse = (complaint: Complaint): ExitCode => complain('merge', json, complaint, terminal);
  // People have read the complaints about damaged parts already, and a document has all of them.
  const refuseToo = (damaged: readonly Complaint[], complaint: Complaint): ExitCode =>
    complainOfAll('merge', json, json ? [...damaged, complaint] : [complaint], terminal);

  const out = invocation.options.get('out');
  const unfit = outProblem(format, out);
  if (unfit !== undefined) return refuse(unfit);

  const names = await candidatesIn(directory, terminal.directory);
  if (typeof names === 'string') return refuse({ code: 'no-such-file', message: names, file: directory });
  const inputs = names.map((name) => pathToFileURL(resolve(terminal.directory, directory, name)).href);
  const foreseen = out === undefined ? undefined : foreseeTrouble(out, terminal.directory, inputs);
  if (foreseen !== undefined) return refuse(foreseen);
  const { parts: read, damaged: unreadable, claims, foreign } = await readParts(directory, names, terminal.directory);
  const stranger = mismatch(read);
  const { parts, unsure } =
    stranger === undefined ? withoutContradictions(directory, read) : { parts: read, unsure: [] };
  const damaged = [...unreadable, ...unsure];
  for (const complaint of damaged) if (!json) terminal.err(renderComplaint(complaint, terminal));
  if (foreign.length > 0) terminal.err(reportOf([`ignored, because they are not results files: ${listed(foreign)}`]));
  if (stranger !== undefined) return refuseToo(damaged, { ...stranger, file: directory });
  const [first] = parts;
  if (first === undefined) {
    if (damaged.length > 0) {
      const known = [...read.map(({ part }) => part), ...claims].map(({ plan, shard }) => ({ plan, shard, rows: [] }));
      const hash = known[0]?.plan.hash;
      const again = runAgain(
        known.filter(({ plan }) => plan.hash === hash),
        directory,
      );
      const advice = again === '' ? 'Run again: stimpack explore FILE --out DIR' : again;
      terminal.err(reportOf([`No part can be used. ${advice}`]));
      return json ? complainOfAll('merge', json, damaged, terminal) : exitCodes.badInput;
    }
    const hint = 'stimpack explore FILE --shard 1/4 --out DIR writes one.';
    return refuse({ code: 'no-exploration', message: `${directory} contains no results file`, hint, file: directory });
  }
  const reseeded = differentSeeds(directory, parts);
  if (reseeded !== undefined) return refuseToo(damaged, { ...reseeded, file: directory });
  const { plan } = first.part;
  const found = new FinishedDesigns(plan);
  for (const { part } of parts) found.add(exploredDesigns(plan, part));
  const { search: _, ...whole } = plan;
  const exploration = explorationOf({ ...whole, ...widestSearch(parts) });
  const result = explorationResult(exploration, plan.asWritten ?? -1, [found.since(0)]);
  const wanted = designsToTry(exploration, result.count);
  const missing = Math.max(0, wanted - result.tried);
  const again = runAgain(
    parts.map(({ part }) => part),
    directory,
  );
  if (missing > 0)
    terminal.err(reportOf([`${countText(missing)} of ${countText(wanted)} designs are missing. ${again}`]));
  const { file, npu, hash, further } = plan;
  const explored = { file, npu, hash, shard: null, further, details: found };
  if (out !== undefined) {
    const trouble = writeTable(result, explored, { out, inputs }, context);
    if (trouble !== undefined) return refuseToo(damaged, trouble);
  }
  const exitCode = damaged.length > 0 ? exitCodes.badInput : exitCodeOf(result);
  if (json) {
    const diagnostics = damaged.map(complaintJson);
    printDocument(terminal.out, 'merge', exitCode, { ...explorationJson(result, explored), diagnostics });
  } else reportExploration(result, explored, format, context);
  if (out !== undefined) terminal.out(reportOf([`${out} is written: ${countText(result.tried)} designs.`]));
  return exitCode;
}

/** A folder can contain parts of several searches. Returns the search with the largest budget. A part of all designs has no search, and comes before any search. */
function widestSearch(parts: readonly NamedPart[]): Pick<Plan, 'search'> {
  const [first, ...others] = parts.map(({ part }) => part.plan.search);
  const widest = others.reduce(
    (a, b) => (a === undefined || b === undefined ? undefined : a.budget < b.budget ? b : a),
    first,
  );
  return widest === undefined ? {} : { search: widest };
}

/** The sorted names of the files that may be results. A text if the directory cannot be read: the reason. */
async function candidatesIn(name: string, from: string): Promise<readonly string[] | string> {
  try {
    const entries = await readdir(resolve(from, name), { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory() && /\.jsonl?$/u.test(entry.name) && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    const { code = '', message = String(error) } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
    return `cannot read ${name}: ${folderProblems[code] ?? message}`;
  }
}

const folderProblems: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such directory',
  ENOTDIR: 'it is not a directory',
  EACCES: 'you have no permission to read it',
};

async function readParts(directory: string, names: readonly string[], from: string): Promise<Found> {
  const parts: NamedPart[] = [];
  const damaged: Complaint[] = [];
  const claims: Claim[] = [];
  const foreign: string[] = [];
  const damage = (name: string, why: string): void => void damaged.push(unused(directory, name, why));
  for (const name of names) {
    const text = await readPart(join(directory, name), from);
    if (typeof text !== 'string') {
      damage(name, text.why);
      continue;
    }
    const read = readResults(text);
    if (read.kind === 'foreign') foreign.push(name);
    else if (read.kind === 'damaged') {
      damage(name, read.why);
      if (read.claim !== undefined) claims.push(read.claim);
    } else if (read.kind === 'other-version') damage(name, read.what);
    else if (read.part.toolVersion !== version)
      damage(name, `was written by ${shownVersion(read.part.toolVersion)}, and this is version ${version}`);
    else parts.push({ name, part: read.part });
  }
  return { parts, damaged, claims, foreign };
}

/** The file can be any file of the machine, so only a text that looks like a version is quoted. */
function shownVersion(text: string): string {
  return /^\d{1,5}(\.\d{1,5}){1,2}(-[a-z0-9.]{1,20})?$/u.test(text) ? `version ${text}` : 'another version';
}

async function readPart(name: string, from: string): Promise<string | { readonly why: string }> {
  const path = resolve(from, name);
  const read = await readPath(path, readLimits.part);
  if (read.kind !== 'read') return { why: `cannot be read: ${readProblemText(read)}` };
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(read.value);
  } catch {
    return { why: 'is not UTF-8 text' };
  }
}
