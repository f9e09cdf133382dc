import { type ExplorationResult, exploredVerdicts, type Shard } from '../../design/index.ts';
import { writeResults } from '../../formats/index.ts';
import { explorationResult } from '../../simulator/index.ts';
import { choose } from '../choose.ts';
import { type Command, type CommandContext, formatOption, type Invocation } from '../command.ts';
import { type Complaint, complain, complaintJson, renderComplaint } from '../complaint.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { htmlPage } from '../html-page.ts';
import { jobsOption, readJobs } from '../input/jobs.ts';
import { readSettings, setOption } from '../input/settings.ts';
import { diagnosticJson } from '../json/diagnostics.ts';
import { renderDocument } from '../json/document.ts';
import { type ExploredFile, explorationCsv, explorationJson } from '../json/exploration.ts';
import { longWork, stoppedJson, stoppedText } from '../long-work.ts';
import { openDesign } from '../open-design.ts';
import { foreseeTrouble, makeDirectory, writeOutput } from '../output-file.ts';
import { renderExplorationReport } from '../render/exploration-report.ts';
import { freePath, resultPath } from '../result-file-name.ts';
import { resultPart } from '../result-parts.ts';

export const exploreCommand: Command = {
  name: 'explore',
  summary: 'simulate every design of an exploration and report the Pareto front',
  description:
    "Tries every combination of the values that an 'explore' block varies, on all cores. The report shows the Pareto front: the designs that " +
    'no other design beats in every goal. To use several machines, run one part of the designs on each with --shard, write its result with ' +
    '--out, and join the parts with merge. Exit codes: 0 if a design meets all objectives or the shard is finished, 1 if no design meets ' +
    'all objectives, 2 for bad input.',
  positional: { name: 'FILE', many: false, help: 'a .npu file' },
  options: [
    { name: 'name', short: 'n', value: 'E', help: 'the exploration; needed only if the file has several' },
    { name: 'shard', value: 'I/N', help: 'try only the I-th of N parts of the designs' },
    { name: 'html', value: 'OUT', help: "write a self-contained HTML page with the panel's plots of the designs" },
    { name: 'out', short: 'o', value: 'DIR', help: 'also write the result into this directory, for merge' },
    setOption,
    jobsOption('the largest number of designs to try at the same time; by default one for each core'),
    formatOption('text', 'json', 'csv'),
  ],
  examples: [
    'stimpack explore examples/explore.npu',
    'stimpack explore examples/explore.npu --shard 1/4 --out parts',
    'stimpack explore examples/explore.npu --format csv > designs.csv',
    'stimpack explore examples/explore.npu --html designs.html',
  ],
  run: explore,
};

async function explore(invocation: Invocation, context: CommandContext): Promise<ExitCode> {
  const { terminal, engine } = context;
  const { options } = invocation;
  const format = options.get('format') ?? 'text';
  const json = format === 'json';
  const [file = ''] = invocation.positionals;
  const refuse = (complaint: Complaint): ExitCode => complain('explore', json, complaint, terminal);

  const shard = readShard(options.get('shard'));
  if (shard === undefined) {
    const message = `'--shard' must be I/N with I from 1 to N, not '${options.get('shard') ?? ''}'`;
    return refuse({ code: 'usage', message });
  }
  const html = options.get('html');
  const panel = html === undefined ? undefined : context.readPanel();
  if (html !== undefined && panel === undefined)
    throw new Error("the panel's bundle is missing beside the command line");
  if (html !== undefined && shard !== null)
    return refuse({
      code: 'usage',
      message: "'--html' needs all designs of an exploration, but '--shard' tries only a part; leave one of them out",
    });
  const foreseen = html === undefined ? undefined : foreseeTrouble(html, terminal.directory);
  if (foreseen !== undefined) return refuse(foreseen);
  const out = options.get('out');
  const trouble = out === undefined ? undefined : makeDirectory(out, terminal.directory);
  if (trouble !== undefined) return refuse(trouble);
  const settings = readSettings(invocation.lists.get('set') ?? []);
  if ('code' in settings) return refuse(settings);
  const jobs = readJobs(options.get('jobs'));
  if (typeof jobs !== 'number') return refuse(jobs);
  engine.limitThreads(jobs);
  const opened = await openDesign('explore', file, json, context, { settings });
  if (typeof opened === 'number') return opened;
  const all = opened.design.explorations;
  if (all.length === 0) {
    const message = "the file has no 'explore' block";
    const hint = "Write an 'explore' block with the values to vary and the goals: see docs/language.md.";
    return refuse({ code: 'unknown-exploration', message, hint, file });
  }
  const chosen = choose('exploration', '--name', options.get('name'), all, all);
  if (chosen.kind === 'none') return refuse({ code: 'unknown-exploration', message: chosen.message, file });
  const { name } = chosen.value;
  const found = await engine.exploration(opened.uri, name);
  if (found === undefined) throw new Error(`exploration '${name}' was checked, and is not there`);

  const { candidates, hash } = found;
  const { exploration, count } = candidates;
  const designs = Array.from({ length: count }, (_, design) => design).filter(
    (design) => shard === null || design % shard.count === shard.index - 1,
  );
  const parts = await longWork(
    context,
    (tried) => ({ name: `${name}  ${Math.floor(tried)} of ${designs.length}`, fraction: tried / designs.length }),
    (onProgress, stop) => engine.explore(opened.uri, name, designs, onProgress, stop),
  );
  const tried = new Set(parts.flatMap((part) => [...part.designs]));
  const result = explorationResult(exploration, candidates.asWritten(), parts);
  const scenario = opened.design.scenarios.find((each) => each.name === exploration.scenario);
  let isStopped = tried.size < designs.length;
  let page: string | undefined;
  if (html !== undefined && panel !== undefined && scenario !== undefined && !isStopped) {
    // The page is the panel, which shows a sweep next to the run of the design as written.
    const run = await longWork(
      context,
      (fraction) => ({ name: html, fraction }),
      (onProgress, stop) => engine.simulate(scenario, onProgress, stop),
    );
    page = run && htmlPage(opened.uri, file, [run], panel, [result]);
    isStopped = page === undefined;
  }
  const explored: ExploredFile = { file, npu: scenario?.npu.name ?? '', hash, shard };
  const finished = designs.filter((design) => tried.has(design));
  const stopped: string[] = [];
  if (isStopped) {
    stopped.push(`the exploration ${name} ended early. ${finished.length} of ${designs.length} designs are finished.`);
    if (html !== undefined) stopped.push(`${html} was not written.`);
  }
  // A file that cannot be written does not cost the results: they are reported all the same.
  const troubles: Complaint[] = [];
  const write = (target: string, text: string): boolean => {
    const complaint = writeOutput(target, terminal.directory, text);
    if (complaint !== undefined) troubles.push(complaint);
    return complaint === undefined;
  };
  if (out !== undefined && finished.length > 0) {
    const path = resultPath(out, name, hash, shard);
    const target = isStopped ? freePath(path, terminal.directory) : path;
    const isWritten = write(target, writeResults(resultPart(result, explored, finished)));
    if (isStopped && isWritten) stopped.push(`They are in ${target}: stimpack merge ${out} shows what is missing.`);
  }
  if (html !== undefined && page !== undefined) write(html, page);

  const exitCode =
    troubles.length > 0
      ? exitCodes.badInput
      : isStopped
        ? (context.interrupts.exitCode ?? exitCodes.interrupted)
        : shard !== null
          ? exitCodes.ok
          : exitCodeOf(result);
  if (json) {
    const diagnostics = [
      ...opened.diagnostics.map((each) => diagnosticJson(each, opened.sources)),
      ...troubles.map(complaintJson),
      ...(isStopped ? [stoppedJson(stopped.join(' '))] : []),
    ];
    terminal.out(renderDocument('explore', exitCode, { ...explorationJson(result, explored), diagnostics }));
    return exitCode;
  }
  if (finished.length > 0) reportExploration(result, explored, format, context);
  for (const trouble of troubles) terminal.err(renderComplaint(trouble, terminal));
  if (isStopped) terminal.err(stoppedText(stopped.join(' '), terminal.errorLook.width));
  return exitCode;
}

/** Reports for people, or as a table. */
export function reportExploration(
  result: ExplorationResult,
  explored: ExploredFile,
  format: string,
  { terminal }: CommandContext,
): void {
  if (format === 'csv') terminal.out(explorationCsv(result, explored.shard));
  else terminal.out(renderExplorationReport(result, explored, terminal.look));
}

/** 0 if a design meets all objectives and all designs were tried. */
export function exitCodeOf(result: ExplorationResult): ExitCode {
  const isMet = result.verdicts.includes(exploredVerdicts.indexOf('met'));
  return isMet && result.tried === result.count ? exitCodes.ok : exitCodes.unmet;
}

/** Null means all designs. Undefined if the text is not a valid shard. */
function readShard(written: string | undefined): Shard | null | undefined {
  if (written === undefined) return null;
  const [, index, count] = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/u.exec(written) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  return shard.index <= shard.count ? shard : undefined;
}
