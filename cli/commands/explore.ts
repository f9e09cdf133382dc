import { designsToTry, type Exploration } from '../../design/index.ts';
import { resultLines } from '../../formats/index.ts';
import type { FileContent } from '../../host/index.ts';
import { type ExploredDesigns, explorationResult } from '../../simulator/index.ts';
import { readShard } from '../array-index.ts';
import { choose } from '../choose.ts';
import { type Command, type CommandContext, formatOption, type Invocation } from '../command.ts';
import { type Complaint, complain, complaintJson, renderComplaint } from '../complaint.ts';
import { detailOptions } from '../detail-options.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { FinishedDesigns } from '../finished-designs.ts';
import { htmlPage } from '../html-page.ts';
import { jobsOption, readJobs } from '../input/jobs.ts';
import { readSettings, setOption } from '../input/settings.ts';
import { diagnosticJson } from '../json/diagnostics.ts';
import { printDocument } from '../json/document.ts';
import { type ExploredFile, explorationJson } from '../json/exploration.ts';
import { keepRows } from '../kept-rows.ts';
import { longWork, stoppedJson, stoppedText } from '../long-work.ts';
import { openDesign } from '../open-design.ts';
import { foreseeTrouble, makeDirectory, writeOutput } from '../output-file.ts';
import { reportOf } from '../render/safe-lines.ts';
import { countText } from '../render/value-text.ts';
import { exitCodeOf, reportExploration } from '../report-exploration.ts';
import { resultPath } from '../result-file-name.ts';
import { planOf, resultPart } from '../result-parts.ts';
import { readSearch, searchDesigns, searchedName, searchOf, searchOptions } from '../search-designs.ts';
import { readSlurm, runOnSlurm, slurmOptions } from '../slurm/options.ts';
import { mergeCommand } from './merge.ts';

export const exploreCommand: Command = {
  name: 'explore',
  summary: 'simulate every design of an exploration and report the Pareto front',
  description:
    "Tries every combination of the values that an 'explore' block varies, on all cores. The report shows the Pareto front: the designs that " +
    'no other design beats in every goal. To use several machines, run one part of the designs on each with --shard, write its result with ' +
    '--out, and join the parts with merge; --slurm does all of it on a cluster. With --out, a run that was stopped continues. Exit codes: 0 if a design meets all objectives or the shard is finished, 1 if no design meets ' +
    'all objectives, 2 for bad input.',
  positional: { name: 'FILE', many: false, help: 'a .npu file' },
  options: [
    { name: 'name', short: 'n', value: 'E', help: 'the exploration; needed only if the file has several' },
    {
      name: 'shard',
      value: 'I/N',
      help: 'try only the I-th of N parts of the designs; auto/N takes I from the variable of an array job, such as SLURM_ARRAY_TASK_ID',
    },
    { name: 'html', value: 'OUT', help: "write a self-contained HTML page with the panel's plots of the designs" },
    { name: 'out', short: 'o', value: 'DIR', help: 'also write the result into this directory, for merge' },
    setOption,
    ...searchOptions,
    ...slurmOptions,
    jobsOption('the largest number of designs to try at the same time; by default one for each core'),
    formatOption('text', 'json', 'csv'),
  ],
  examples: [
    'stimpack explore examples/explore.npu',
    'stimpack explore examples/explore.npu --shard 1/4 --out parts',
    'stimpack explore examples/explore.npu --format csv > designs.csv',
    'stimpack explore examples/explore.npu --html designs.html',
    'stimpack explore examples/explore.npu --search nsga2 --budget 12',
    'stimpack explore examples/explore.npu --out parts --slurm --dry-run',
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

  const shard = readShard(options.get('shard'), process.env);
  if (typeof shard === 'string') return refuse({ code: 'usage', message: shard });
  const writtenSearch = readSearch(options);
  if ('code' in writtenSearch) return refuse(writtenSearch);
  const slurm = readSlurm(options);
  if (slurm !== undefined && 'code' in slurm) return refuse(slurm);
  const html = options.get('html');
  const panel = html === undefined ? undefined : context.readPanel();
  if (html !== undefined && panel === undefined)
    throw new Error("the panel's bundle is missing beside the command line");
  if (html !== undefined && shard !== null)
    return refuse({
      code: 'usage',
      message: "'--html' needs all designs of an exploration, but '--shard' tries only a part; leave one of them out",
    });
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
  const inputs = engine.filesRead();
  const foreseen = html === undefined ? undefined : foreseeTrouble(html, terminal.directory, inputs);
  if (foreseen !== undefined) return refuse(foreseen);
  const all = opened.design.explorations;
  if (all.length === 0) {
    const message = "the file has no 'explore' block";
    const hint = "Write an 'explore' block with the values to vary and the goals: see docs/language.md.";
    return refuse({ code: 'unknown-exploration', message, hint, file });
  }
  const chosen = choose('exploration', '--name', options.get('name'), all, all);
  if (chosen.kind === 'none') return refuse({ code: 'unknown-exploration', message: chosen.message, file });
  const { name } = chosen.value;
  const checked = await engine.exploration(opened.uri, name);
  if (checked === undefined) throw new Error(`exploration '${name}' was checked, and is not there`);

  const { candidates, hash } = checked;
  const { count } = candidates;
  const search = searchOf(writtenSearch, candidates.exploration);
  if (search !== undefined && 'code' in search) return refuse({ ...search, file });
  const { search: _, ...whole } = candidates.exploration;
  const exploration: Exploration = search === undefined ? whole : { ...whole, search };
  if (slurm !== undefined && out !== undefined) {
    const ended = await runOnSlurm(
      slurm,
      { uri: opened.uri, exploration: name, count, hash, file, out },
      invocation,
      context,
    );
    if (typeof ended === 'object') return refuse(ended);
    if (ended === 'printed') return exitCodes.ok;
    if (ended === 'stopped') return context.interrupts.exitCode ?? exitCodes.interrupted;
    return mergeCommand.run({ ...invocation, positionals: [out], options: new Map([['format', format]]) }, context);
  }
  const designs = Array.from({ length: count }, (_, design) => design).filter(
    (design) => shard === null || design % shard.count === shard.index - 1,
  );
  const scenario = opened.design.scenarios.find((each) => each.name === exploration.scenario);
  const { further } = detailOptions(opened.design, exploration);
  const about = { file, npu: scenario?.npu.name ?? '', hash, shard, further };
  const asWritten = candidates.asWritten();
  const plan = planOf({ exploration, asWritten }, about);
  const found = new FinishedDesigns(plan);
  const kept =
    out === undefined
      ? undefined
      : await keepRows(resultPath(out, searchedName(name, search), hash, shard), { plan, shard }, found, context);
  if (kept !== undefined && 'code' in kept) return refuse(kept);
  // The number of designs that this command tries in all.
  const total = shard === null ? designsToTry(exploration, count) : designs.length;
  const earlier = found.size;
  if (earlier > 0) {
    const already = `${countText(earlier)} of ${countText(total)} designs are in ${out} already and do not run again.`;
    terminal.err(reportOf([already]));
  }
  const onPart = (part: ExploredDesigns): void => {
    kept?.add(part);
    found.add(part);
  };
  const run = async (left: readonly number[], done: number): Promise<ExploredDesigns> => {
    const before = found.size;
    await longWork(
      context,
      (tried) => ({ name: `${name}  ${done + Math.floor(tried)} of ${total}`, fraction: (done + tried) / total }),
      (onProgress, stop) =>
        engine.explore(
          opened.uri,
          name,
          left,
          { onProgress, onPart, isUnattended: shard !== null && terminal.progress === null },
          stop,
        ),
    );
    return found.since(before);
  };
  const left = designs.filter((design) => !found.has(design));
  if (search !== undefined) await searchDesigns(exploration, search, found.since(0), run);
  else if (left.length > 0) await run(left, earlier);
  const result = explorationResult(exploration, asWritten, [found.since(0)]);
  const explored: ExploredFile = { ...about, details: found };
  let isStopped = found.size < total;
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
  const finished = designs.filter((design) => found.has(design));
  const stopped: string[] = [];
  if (isStopped) {
    stopped.push(`the exploration ${name} ended early. ${finished.length} of ${total} designs are finished.`);
    if (html !== undefined) stopped.push(`${html} was not written.`);
  }
  // A file that cannot be written does not cost the results: they are reported all the same.
  const troubles: Complaint[] = [];
  const write = (target: string, content: FileContent): boolean => {
    const complaint = writeOutput(target, terminal.directory, content, inputs);
    if (complaint !== undefined) troubles.push(complaint);
    return complaint === undefined;
  };
  if (kept !== undefined) {
    const isPart = finished.length < total;
    const target = kept.targetOf(isPart);
    const isWritten =
      finished.length > 0 && write(target, { pieces: resultLines(resultPart(result, explored, finished)) });
    if (isWritten || finished.length === 0) kept.end(target);
    if (isStopped && isWritten)
      stopped.push(
        isPart
          ? `They are in ${target}: the same command continues from there, and stimpack merge ${out} shows what is missing.`
          : `They are in ${target}.`,
      );
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
    printDocument(terminal.out, 'explore', exitCode, { ...explorationJson(result, explored), diagnostics });
    return exitCode;
  }
  if (finished.length > 0) reportExploration(result, explored, format, context);
  for (const trouble of troubles) terminal.err(renderComplaint(trouble, terminal));
  if (isStopped) terminal.err(stoppedText(stopped.join(' '), terminal.errorLook.width));
  return exitCode;
}
