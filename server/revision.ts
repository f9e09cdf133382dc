import { fileName, loadProgram, type SourceReader, type SourceStore } from '../engine/index.ts';
import { historyFigures, pack, type RevisionAnswer, type RunResults, unpack } from '../protocol/index.ts';
import { ownScenarios } from './document-facts.ts';
import { encodeColumns } from './encode-columns.ts';
import type { SimulationOutcome, TaskRunner } from './simulation-host.ts';

/** Opens a git revision that contains a file, or states why it cannot. */
export type OpenRevision = (
  uri: string,
  revision: string,
) => Promise<{ readonly commit: string; readonly reader: SourceReader } | { readonly problem: string }>;

interface RevisionParts {
  readonly openRevision?: OpenRevision;
  readonly sources: SourceStore;
  readonly simulation: TaskRunner;
}

/** Runs a file and its imports as they were at a git revision, without the runs of `compare`. */
export async function runRevision(
  { uri, revision }: { readonly uri: string; readonly revision: string },
  { openRevision, sources, simulation }: RevisionParts,
  whenCancelled: (cancel: () => void) => void,
): Promise<RevisionAnswer> {
  const opened = (await openRevision?.(uri, revision)) ?? { problem: 'this server cannot read git revisions' };
  if ('problem' in opened) return { kind: 'failed', message: opened.problem };
  const program = await loadProgram(uri, sources.readingFrom(opened.reader));
  const label = `${fileName(uri)} at ${revision}`;
  const error = program.diagnostics.find(({ severity }) => severity === 'error');
  if (error !== undefined) return { kind: 'failed', message: `${label} has an error: ${error.message}` };
  const scenarios = ownScenarios(program).map((scenario) => ({ ...scenario, compare: [] }));
  if (scenarios.length === 0) return { kind: 'failed', message: `${label} has no scenario` };
  const outcome = await new Promise<SimulationOutcome>((settle) => {
    whenCancelled(simulation.run({ type: 'run', scenarios }, { settle }));
  });
  if (outcome.kind !== 'done') return outcome.kind === 'failed' ? outcome : { kind: 'cancelled' };
  const figures = encodeColumns(pack(historyFigures(unpack<RunResults>(outcome.results))));
  return { kind: 'done', commit: opened.commit, text: program.files.get(uri)?.text ?? '', figures };
}
