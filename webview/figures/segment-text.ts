import { activities, formatSeconds } from '../../protocol/index.ts';
import type { Shown } from '../shown.ts';

/** What a chip did in one segment: whose batch, how large, which layers. `short` fits into the bar. */
export function segmentSentence(shown: Shown, segment: number, length: 'short' | 'long'): string {
  const { segments } = shown;
  const activity = activities[segments.activity[segment] ?? 0] ?? 'idle';
  const took = formatSeconds((segments.endSeconds[segment] ?? 0) - (segments.startSeconds[segment] ?? 0));
  const serve = shown.run.serves[segments.serve[segment] ?? -1];
  if (serve === undefined) return length === 'short' ? activity : `${activity}, ${took}`;
  const cost = shown.scenario.layers.find((candidate) => candidate.model === serve.model);
  const name = (layer: number) => cost?.layers[layer]?.layer ?? `layer ${layer + 1}`;
  const first = segments.firstLayer[segment] ?? 0;
  const last = segments.lastLayer[segment] ?? 0;
  const layers = first === last ? name(first) : `${name(first)} to ${name(last)}`;
  const batch = segments.batchSize[segment] ?? 0;
  const who = shown.run.serves.length > 1 ? `${serve.name} ` : '';
  if (length === 'short') return `${who}×${batch} ${layers}`;
  return `${activity}, ${serve.name}, batch of ${batch}, ${layers}, ${took}`;
}
