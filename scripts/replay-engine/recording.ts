import type { PromptBlocks } from '../../simulator/index.ts';
import { type Problem, Problems } from './problems.ts';
import { type Profile, readProfile } from './profile.ts';
import { type RecordedRequest, readPromptBlocks, readRequests } from './requests.ts';
import { type EngineSettings, readSettings, type StatedSettings } from './settings.ts';
import { readTable } from './tables.ts';

/** What an engine recorded: its settings, requests and log, and the profile of the card. */
export interface Recording {
  readonly settings: EngineSettings;
  readonly requests: readonly RecordedRequest[];
  readonly promptBlocks: PromptBlocks | null;
  readonly profile: Profile;
  /** The engine's own log. Empty without one. */
  readonly log: readonly LoggedSecond[];
  readonly notes: readonly string[];
}

export interface LoggedSecond {
  /** Since the start of the recording. */
  readonly seconds: number;
  /** The share of KV blocks in use, in percent. */
  readonly kvPercent: number;
}

const required = [
  'meta.json',
  'requests.jsonl',
  'profile-dense.csv',
  'profile-per_sequence.csv',
  'profile-attention.csv',
];

/** The names of the files of a recording. The last three are optional. */
export const recordingFiles = [...required, 'profile-meta.yaml', 'prompt-blocks.jsonl', 'timeseries.csv'];

/**
 * Reads a recording from the texts of its files, by name. Never throws: the value is undefined if a file is missing or
 * damaged, and the problems state the place.
 */
export function readRecording(
  texts: ReadonlyMap<string, string>,
  stated: StatedSettings = { layers: undefined, blocks: undefined },
): { readonly value: Recording | undefined; readonly problems: readonly Problem[] } {
  const problems = new Problems();
  for (const name of required) {
    if (!texts.has(name)) problems.add(name, 0, 'the file is missing.');
  }
  if (!problems.isEmpty) return { value: undefined, problems: problems.list };
  const text = (name: string) => texts.get(name) ?? '';
  const settings = readSettings(text('meta.json'), stated, problems);
  const requests = readRequests(text('requests.jsonl'), problems);
  const profileTexts = {
    dense: text('profile-dense.csv'),
    perSequence: text('profile-per_sequence.csv'),
    attention: text('profile-attention.csv'),
    meta: texts.get('profile-meta.yaml'),
  };
  const profile = readProfile(profileTexts, settings?.layers ?? 1, settings?.tensorParallel ?? 1, problems);
  const blocksText = texts.get('prompt-blocks.jsonl');
  const blockTokens = settings?.limits.blockTokens ?? 16;
  const promptBlocks = blocksText === undefined ? null : readPromptBlocks(blocksText, requests, blockTokens, problems);
  const logText = texts.get('timeseries.csv');
  const log =
    logText === undefined
      ? []
      : readTable('timeseries.csv', logText, null, ['t', 'kv_cache_pct'], problems).map(
          ({ numbers: [seconds = 0, kvPercent = 0] }) => ({ seconds, kvPercent }),
        );
  if (settings === undefined || profile === undefined || !problems.isEmpty) {
    return { value: undefined, problems: problems.list };
  }
  const notes = [...settings.notes, ...profile.notes];
  if (blocksText === undefined && settings.limits.prefixCaching) {
    notes.push('prompt-blocks.jsonl is missing: no two prompts share a prefix.');
  }
  if (settings.tensorParallel > 1) {
    notes.push(
      `${settings.tensorParallel} chips work on each layer. Their communication is not in the profile and costs nothing.`,
    );
  }
  const unserved = requests.filter(({ lastTokenSeconds }) => lastTokenSeconds === undefined).length;
  if (unserved > 0) notes.push(`${unserved} requests have no first or last token. They are replayed and not compared.`);
  return { value: { settings, requests, promptBlocks, profile, log, notes }, problems: [] };
}
