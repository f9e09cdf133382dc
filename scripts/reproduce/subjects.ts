import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Npu, Scenario, Scheduler } from '../../design/index.ts';
import { loadProgram } from '../../engine/index.ts';
import { createNodeSources, openLibrary } from '../../host/index.ts';

/** The chips and policies that are compared, in the order of the experiment's `compare`, with the baseline first. */
export const schemes = ['tpuv4i', 'on-chip', 'off-chip', 'stored', 'always', 'oracle'] as const;
export type Scheme = (typeof schemes)[number];

export const schemeNames: Readonly<Record<Scheme, string>> = {
  tpuv4i: 'TPUv4i',
  'on-chip': 'on-chip',
  'off-chip': 'off-chip',
  stored: 'stored',
  always: 'always burst',
  oracle: 'oracle',
};

export interface Contender {
  readonly npu: Npu;
  readonly scheduler: Scheduler;
  /** The largest batch of each network. Absent: as the experiment states it. */
  readonly maxBatch?: number;
}

/** The scenario with the batches of a contender. */
export function batchedFor(scenario: Scenario, { maxBatch }: Contender): Scenario {
  if (maxBatch === undefined) return scenario;
  return {
    ...scenario,
    serves: scenario.serves.map((serve) => ({ ...serve, batch: { ...serve.batch, maxSize: maxBatch } })),
  };
}

/** One network or mix, with the contenders that are compared on it. */
export interface Subject {
  readonly name: string;
  readonly scenario: Scenario;
  readonly contenders: Readonly<Record<Scheme, Contender>>;
}

/** The networks alone, then the mixes. `root` is the repository. */
export async function loadSubjects(root: string): Promise<readonly Subject[]> {
  const sources = createNodeSources(openLibrary(join(root, 'library')));
  const { design, diagnostics } = await loadProgram(
    pathToFileURL(join(root, 'scripts', 'reproduce', 'experiment.npu')).href,
    sources,
  );
  const errors = diagnostics.filter((one) => one.severity === 'error');
  if (errors.length > 0) throw new Error(`experiment.npu: ${errors.map((one) => one.message).join('; ')}`);
  return design.scenarios.map((scenario) => {
    const { npu, scheduler, compare } = scenario;
    const all: readonly Contender[] = [{ npu, scheduler }, ...compare];
    const contenders = Object.fromEntries(schemes.map((scheme, index) => [scheme, all[index]]));
    if (all.length !== schemes.length) throw new Error(`${scenario.name} compares ${all.length} contenders`);
    // There are as many contenders as schemes, so the cast is safe.
    return { name: scenario.name.replace(/Alone$/, ''), scenario, contenders: contenders as Record<Scheme, Contender> };
  });
}
