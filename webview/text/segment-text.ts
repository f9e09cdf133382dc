import { activities, formatSeconds } from '../../protocol/index.ts';
import type { Shown } from '../model/shown.ts';

interface SegmentFacts {
  readonly activity: string;
  readonly took: string;
  /** null for a mode switch, which belongs to no request. */
  readonly serve: string | null;
  readonly batch: number;
  readonly firstLayer: string;
  readonly lastLayer: string;
}

function factsOf(shown: Shown, segment: number): SegmentFacts {
  const { segments } = shown;
  const serve = shown.run.serves[segments.serve[segment] ?? -1];
  const cost = shown.scenario.layers.find((candidate) => candidate.model === serve?.model);
  const name = (layer: number) => cost?.layers[layer]?.layer ?? `layer ${layer + 1}`;
  return {
    activity: activities[segments.activity[segment] ?? 0] ?? 'idle',
    took: formatSeconds((segments.endSeconds[segment] ?? 0) - (segments.startSeconds[segment] ?? 0)),
    serve: serve?.name ?? null,
    batch: segments.batchSize[segment] ?? 0,
    firstLayer: name(segments.firstLayer[segment] ?? 0),
    lastLayer: name(segments.lastLayer[segment] ?? 0),
  };
}

/** What a chip did in one segment: mode, network, batch, layers and duration. */
export function segmentSentence(shown: Shown, segment: number): string {
  const { activity, took, serve, batch, firstLayer, lastLayer } = factsOf(shown, segment);
  if (serve === null) return `${activity}, ${took}`;
  const layers = firstLayer === lastLayer ? firstLayer : `${firstLayer} to ${lastLayer}`;
  return `${activity}, ${serve}, batch of ${batch}, ${layers}, ${took}`;
}

/** Labels for the segment's bar, the longest first. */
export function segmentLabels(shown: Shown, segment: number): readonly string[] {
  const { activity, serve, batch, firstLayer, lastLayer } = factsOf(shown, segment);
  if (serve === null) return [activity];
  const one = firstLayer === lastLayer;
  const layers = one ? firstLayer : `${firstLayer} to ${lastLayer}`;
  const who = shown.run.serves.length > 1 ? `${serve} ` : '';
  return [`${who}${batch} × ${layers}`, `${batch} × ${layers}`, one ? layers : `${who}× ${batch}`, `× ${batch}`];
}
