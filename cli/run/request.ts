import type { Scenario } from '../../design/index.ts';
import type { PanelFiles } from '../../host/index.ts';
import type { CommandContext, Invocation } from '../command.ts';
import type { Complaint } from '../complaint.ts';
import { readJobs } from '../input/jobs.ts';
import { readSeed } from '../input/seed.ts';
import { readSettings, type Setting } from '../input/settings.ts';
import type { ReadDesign } from '../open-design.ts';

/** The options of a run, checked. */
export interface RunRequest {
  readonly format: string;
  readonly quiet: boolean;
  readonly scenario: string | undefined;
  readonly seed: number | undefined;
  readonly settings: readonly Setting[];
  readonly jobs: number;
  readonly html: { readonly file: string; readonly panel: PanelFiles } | undefined;
  readonly trace: string | undefined;
}

/** A design with the scenarios of it to simulate. */
export interface Chosen {
  readonly name: string;
  readonly read: ReadDesign;
  readonly scenarios: readonly Scenario[];
}

/** Checks everything that can be checked before a file is read. */
export function requestOf({ options, lists }: Invocation, { readPanel }: CommandContext): RunRequest | Complaint {
  const seed = readSeed(options.get('seed'));
  if (typeof seed === 'object') return seed;
  const settings = readSettings(lists.get('set') ?? []);
  if ('code' in settings) return settings;
  const jobs = readJobs(options.get('jobs') ?? '1');
  if (typeof jobs !== 'number') return jobs;
  const html = options.get('html');
  const trace = options.get('trace');
  const panel = html === undefined ? undefined : readPanel();
  if (html !== undefined && panel === undefined)
    throw new Error("the panel's bundle is missing beside the command line");
  return {
    format: options.get('format') ?? 'text',
    quiet: options.has('quiet'),
    scenario: options.get('scenario'),
    seed,
    settings,
    jobs,
    html: html === undefined || panel === undefined ? undefined : { file: html, panel },
    trace,
  };
}
