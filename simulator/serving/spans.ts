import { bounds } from '../../design/index.ts';
import { BASE_RETURN, BASE_STEADY, BURST_ENTRY, BURST_STEADY, KINDS } from './service-profiles.ts';
import { CHIP_COMPUTING, CHIP_SWITCHING, type Simulation } from './simulation.ts';
import { BASE, BURSTING, NO_SERVE, QUANTIZING, SWITCH } from './timeline-recorder.ts';
import { MIXED } from './weights.ts';

/*
 * A span is a stretch of layers that a chip runs in one mode without a stop. It is one event, however many layers it has: where
 * something has to happen at a border inside, the stop moves there, and running sums tell when that is.
 */

/** Profile kind for a model on a chip in a mode, by where its weights are; -1 where no profile covers it. */
export function kindOf(sim: Simulation, chip: number, model: number, burst: boolean): number {
  const common = sim.weights.common[chip * sim.weights.models + model] as number;
  if (common === MIXED) return -1;
  if (!burst) return (common & 1) !== 0 ? BASE_STEADY : BASE_RETURN;
  if ((common & 2) !== 0) return BURST_STEADY;
  // Weights that are nowhere yet stream in; only those that are there can be converted.
  return common === 0 && sim.input.quantizedSource === 'on-chip' ? -1 : BURST_ENTRY;
}

/** Starts, or goes on with, the chip's batch in the chip's mode, to its last layer. */
export function beginSpan(sim: Simulation, chip: number, now: number): void {
  const { batches, profiles } = sim;
  const slot = sim.batch[chip] as number;
  const serve = batches.serve[slot] as number;
  const from = batches.layer[slot] as number;
  const model = sim.model[serve] as number;
  const burst = sim.mode[chip] === 1;
  const kind = kindOf(sim, chip, model, burst);
  const layers = profiles.layerCounts[serve] as number;
  let offset: number;
  if (kind >= 0) offset = profiles.offsets[profiles.profile(serve, batches.size[slot] as number, kind)] as number;
  else offset = fillScratch(sim, chip, serve, batches.size[slot] as number, model, burst, from, layers);
  const { prefix } = profiles;
  const end =
    now + ((prefix[offset + layers] as number) - (prefix[offset + from] as number)) * (batches.scale[slot] as number);
  sim.phase[chip] = CHIP_COMPUTING;
  sim.spanStart[chip] = now;
  sim.spanFrom[chip] = from;
  sim.spanOffset[chip] = offset;
  sim.spanKind[chip] = kind;
  sim.spanStop[chip] = layers;
  sim.spanEnd[chip] = end;
  sim.pendingMode[chip] = -1;
  sim.pendingPreemption[chip] = 0;
  sim.events.set(chip, end);
}

function fillScratch(
  sim: Simulation,
  chip: number,
  serve: number,
  size: number,
  model: number,
  burst: boolean,
  from: number,
  layers: number,
): number {
  const { profiles, weights } = sim;
  const { prefix } = profiles;
  const offset = profiles.scratch(chip);
  const { seconds } = profiles.table(serve, size);
  let sum = 0;
  prefix[offset + from] = 0;
  for (let layer = from; layer < layers; layer++) {
    sum += seconds[profiles.cell(model, layer, burst, weights.copiesOf(chip, model, layer))] as number;
    prefix[offset + layer + 1] = sum;
  }
  return offset;
}

/** When the present span reaches the border before `layer`. */
export function borderSeconds(sim: Simulation, chip: number, layer: number): number {
  const { prefix } = sim.profiles;
  const offset = sim.spanOffset[chip] as number;
  const done = (prefix[offset + layer] as number) - (prefix[offset + (sim.spanFrom[chip] as number)] as number);
  return (sim.spanStart[chip] as number) + done * (sim.batches.scale[sim.batch[chip] as number] as number);
}

/** The first layer of the present span that begins at `at` or later; the layer count where none does. */
export function layerAfter(sim: Simulation, chip: number, at: number): number {
  const slot = sim.batch[chip] as number;
  let low = (sim.spanFrom[chip] as number) + 1;
  let high = sim.profiles.layerCounts[sim.batches.serve[slot] as number] as number;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (borderSeconds(sim, chip, middle) >= at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Stops the present span before `layer`, which it has not reached. Only ever moves the stop forward in time to an earlier layer. */
export function stopBefore(sim: Simulation, chip: number, layer: number): void {
  if (layer >= (sim.spanStop[chip] as number)) return;
  sim.spanStop[chip] = layer;
  sim.events.set(chip, borderSeconds(sim, chip, layer));
}

/** Books layers spanFrom .. `to` - 1 of the present span, which ended at `now`. */
export function endSpan(sim: Simulation, chip: number, to: number, now: number): void {
  const { batches, profiles } = sim;
  const slot = sim.batch[chip] as number;
  const serve = batches.serve[slot] as number;
  const size = batches.size[slot] as number;
  const from = sim.spanFrom[chip] as number;
  const layers = profiles.layerCounts[serve] as number;
  const burst = sim.mode[chip] === 1;
  const kind = sim.spanKind[chip] as number;
  const scale = batches.scale[slot] as number;
  if (burst) batches.burst[slot] = 1;
  if (from === 0 && to === layers && kind >= 0 && scale === 1) {
    batches.profile[slot] = (size - 1) * KINDS + kind;
  } else {
    if (from === 0) batches.clearService(slot);
    bookService(sim, chip, slot, from, to);
  }
  bookTimeline(sim, chip, from, to, now);
  batches.layer[slot] = to;
  sim.weights.ran(chip, sim.model[serve] as number, from, to, burst, layers);
}

function bookService(sim: Simulation, chip: number, slot: number, from: number, to: number): void {
  const { batches, profiles } = sim;
  const serve = batches.serve[slot] as number;
  const model = sim.model[serve] as number;
  const burst = sim.mode[chip] === 1;
  const table = profiles.table(serve, batches.size[slot] as number);
  const scale = batches.scale[slot] as number;
  const row = slot * bounds.length;
  for (let layer = from; layer < to; layer++) {
    const cell = profiles.cell(model, layer, burst, sim.weights.copiesOf(chip, model, layer));
    const at = row + (table.bound[cell] as number);
    batches.service[at] = (batches.service[at] as number) + (table.seconds[cell] as number) * scale;
    if (table.joules !== null) {
      batches.joules[slot] = (batches.joules[slot] as number) + (table.joules[cell] as number);
    }
  }
}

/** Counts the span on the timeline up to `until`; layers that the quantization unit works on are told apart. */
export function bookTimeline(sim: Simulation, chip: number, from: number, to: number, until: number): void {
  const { batches, profiles, timeline } = sim;
  const slot = sim.batch[chip] as number;
  const serve = batches.serve[slot] as number;
  const size = batches.size[slot] as number;
  const start = sim.spanStart[chip] as number;
  const burst = sim.mode[chip] === 1;
  const kind = sim.spanKind[chip] as number;
  const quantizes =
    burst && (kind < 0 || (profiles.quantizingSeconds[profiles.profile(serve, size, kind)] as number) > 0);
  const kept = timeline.wants(start, until);
  if (!quantizes && !(kept && timeline.detailed)) {
    timeline.count(chip, burst ? BURSTING : BASE, start, until);
    if (kept) timeline.segment(chip, burst ? BURSTING : BASE, start, until, serve, size, from, to - 1);
    return;
  }
  const model = sim.model[serve] as number;
  let first = from;
  let begin = start;
  while (first < to && begin < until) {
    const activity = activityOf(sim, chip, model, first, burst);
    let last = first + 1;
    if (!(kept && timeline.detailed)) {
      while (last < to && activityOf(sim, chip, model, last, burst) === activity) last++;
    }
    const end = last === to ? until : Math.min(until, borderSeconds(sim, chip, last));
    timeline.count(chip, activity, begin, end);
    if (kept && end > begin) timeline.segment(chip, activity, begin, end, serve, size, first, last - 1);
    begin = end;
    first = last;
  }
}

function activityOf(sim: Simulation, chip: number, model: number, layer: number, burst: boolean): number {
  if (!burst) return BASE;
  return sim.profiles.quantizes(model, layer, sim.weights.copiesOf(chip, model, layer)) ? QUANTIZING : BURSTING;
}

/** The arrays stand still for `seconds`: to take up `mode`, or to move an interrupted batch's activations. Without need for time, at once. */
export function beginSwitch(sim: Simulation, chip: number, mode: number, extraSeconds: number, now: number): boolean {
  const changes = mode !== sim.mode[chip];
  if (changes) sim.timeline.change(chip, mode === 1, now);
  sim.mode[chip] = mode;
  const seconds = (changes ? sim.switchSeconds : 0) + extraSeconds;
  if (seconds <= 0) return false;
  sim.phase[chip] = CHIP_SWITCHING;
  sim.spanStart[chip] = now;
  sim.spanEnd[chip] = now + seconds;
  sim.events.set(chip, now + seconds);
  return true;
}

export function bookSwitch(sim: Simulation, chip: number, now: number): void {
  const start = sim.spanStart[chip] as number;
  sim.timeline.count(chip, SWITCH, start, now);
  sim.timeline.segment(chip, SWITCH, start, now, NO_SERVE, 0, 0, 0);
  const slot = sim.batch[chip] as number;
  if (slot >= 0) sim.batches.switchSeconds[slot] = (sim.batches.switchSeconds[slot] as number) + (now - start);
}
