import { CELLS_PER_LAYER } from '../../service-table.ts';
import { BASE, BURSTING, NO_SERVE, QUANTIZING, SWITCH } from '../record/timeline-recorder.ts';
import type { Batch } from './batch.ts';
import { type Chip, COMPUTING_CHIP, SWITCHING_CHIP } from './chip.ts';
import { BURST_STEADY, KINDS } from './service-profiles.ts';
import type { Simulation } from './simulation.ts';

/** The batch of a chip that must have one. */
export function batchOf(chip: Chip): Batch {
  if (chip.batch === null) throw new Error(`simulator bug: chip ${chip.index} computes without a batch`);
  return chip.batch;
}

/** Starts or continues the batch of the chip in the mode of the chip, up to the last layer. */
export function beginSpan(sim: Simulation, chip: Chip): void {
  const { profiles } = sim;
  const batch = batchOf(chip);
  const { serve } = batch;
  const kind = sim.weights.kind(chip.index, serve.model, chip.burst);
  const { now } = sim.clock;
  let end: number;
  if (kind >= 0) {
    const profile = serve.profileOn(chip, batch.size, kind);
    chip.spanOffset = profiles.offsets[profile] as number;
    end = profiles.seconds[profile] as number;
    if (batch.layer !== 0) end -= profiles.prefix[chip.spanOffset + batch.layer] as number;
  } else {
    chip.spanOffset = fillScratch(sim, chip, batch);
    end = profiles.prefix[chip.spanOffset + serve.layers] as number;
  }
  end = now + end * batch.scale;
  chip.phase = COMPUTING_CHIP;
  chip.spanStart = now;
  chip.spanFrom = batch.layer;
  chip.spanKind = kind;
  chip.spanStop = serve.layers;
  chip.spanEnd = end;
  chip.wantsBurst = false;
  chip.wantsPreemption = false;
  sim.events.seconds[chip.slot] = end;
  sim.events.moved(chip.slot);
}

/** Computes running sums from the next layer of the batch, if no profile describes the state of the weights. */
function fillScratch(sim: Simulation, chip: Chip, batch: Batch): number {
  const { profiles, weights } = sim;
  const { prefix } = profiles;
  const { model, layers } = batch.serve;
  const offset = profiles.scratch(chip.index);
  const { seconds } = profiles.table(chip.kind, batch.serve.index, batch.size);
  const cells = profiles.firstCells(chip.kind, chip.burst);
  const copies = weights.copies.subarray(weights.firstCopy(chip.index, model));
  let sum = 0;
  prefix[offset + batch.layer] = 0;
  for (let layer = batch.layer; layer < layers; layer++) {
    sum += seconds[layer * CELLS_PER_LAYER + (cells[copies[layer] as number] as number)] as number;
    prefix[offset + layer + 1] = sum;
  }
  return offset;
}

/** The time when the current span reaches the border before `layer`. */
export function borderSeconds(sim: Simulation, chip: Chip, layer: number): number {
  const { prefix } = sim.profiles;
  const done = (prefix[chip.spanOffset + layer] as number) - (prefix[chip.spanOffset + chip.spanFrom] as number);
  return chip.spanStart + done * batchOf(chip).scale;
}

/** The first layer of the current span that starts at `at` or later. The number of layers if there is none. */
export function layerAfter(sim: Simulation, chip: Chip, at: number): number {
  const { prefix } = sim.profiles;
  const batch = batchOf(chip);
  const wanted = (prefix[chip.spanOffset + chip.spanFrom] as number) + (at - chip.spanStart) / batch.scale;
  let low = chip.spanFrom + 1;
  let high = batch.serve.layers;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((prefix[chip.spanOffset + middle] as number) >= wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Moves the end of the current span to the border before `layer`, unless it already ends earlier. */
export function stopBefore(sim: Simulation, chip: Chip, layer: number): void {
  if (layer >= chip.spanStop) return;
  chip.spanStop = layer;
  // The event must not be in the past because of rounding.
  sim.events.set(chip.slot, Math.max(sim.clock.now, borderSeconds(sim, chip, layer)));
}

/** Counts the current span, which ends now before layer `spanStop`. */
export function endSpan(sim: Simulation, chip: Chip): void {
  const batch = batchOf(chip);
  const from = chip.spanFrom;
  const to = chip.spanStop;
  if (chip.burst) batch.burst = true;
  if (from === 0 && to === batch.serve.layers && chip.spanKind >= 0 && batch.scale === 1) {
    batch.profile = chip.kind * batch.serve.profilesOfKind + (batch.size - 1) * KINDS + chip.spanKind;
  } else {
    if (from === 0) {
      batch.service.fill(0);
      batch.joules = 0;
    }
    bookService(sim, chip, batch);
  }
  bookTimeline(sim, chip);
  batch.layer = to;
  // If all weights were resident at the start of the span, their state did not change.
  if (chip.spanKind < 0 || chip.spanKind > BURST_STEADY) {
    sim.weights.ran(chip.index, batch.serve.model, from, to, chip.burst, batch.serve.layers);
  }
}

function bookService(sim: Simulation, chip: Chip, batch: Batch): void {
  const { profiles, weights } = sim;
  const { model, index } = batch.serve;
  const { bound: bounds, seconds, joules } = profiles.table(chip.kind, index, batch.size);
  const cells = profiles.firstCells(chip.kind, chip.burst);
  const copies = weights.copies.subarray(weights.firstCopy(chip.index, model));
  const { service, scale } = batch;
  let sum = batch.joules;
  for (let layer = chip.spanFrom; layer < chip.spanStop; layer++) {
    const cell = layer * CELLS_PER_LAYER + (cells[copies[layer] as number] as number);
    const bound = bounds[cell] as number;
    service[bound] = (service[bound] as number) + (seconds[cell] as number) * scale;
    if (joules !== null) sum += joules[cell] as number;
  }
  batch.joules = sum;
}

/**
 * Adds the current span until now to the timeline. Layers during which the quantization unit works are a separate
 * activity.
 */
export function bookTimeline(sim: Simulation, chip: Chip): void {
  const { profiles, timeline, clock } = sim;
  const batch = batchOf(chip);
  const { serve, size } = batch;
  clock.from = chip.spanStart;
  clock.to = clock.now;
  const kind = chip.spanKind;
  // Without segments, only the busy time of the chip counts, not its layers.
  const quantizes =
    !timeline.countsOnly &&
    chip.burst &&
    (kind < 0 || (profiles.quantizingSeconds[serve.profileOn(chip, size, kind)] as number) > 0);
  const kept = timeline.wants();
  if (quantizes || (kept && timeline.detailed)) {
    bookLayers(sim, chip, batch, kept);
    return;
  }
  const activity = chip.burst ? BURSTING : BASE;
  timeline.count(chip, activity);
  if (kept) timeline.segment(chip.index, activity, serve.index, size, chip.spanFrom, chip.spanStop - 1, batch.number);
}

function bookLayers(sim: Simulation, chip: Chip, batch: Batch, kept: boolean): void {
  const { timeline, clock } = sim;
  const { model, index } = batch.serve;
  const until = clock.now;
  const alone = kept && timeline.detailed;
  let begin = chip.spanStart;
  let first = chip.spanFrom;
  while (first < chip.spanStop && begin < until) {
    const activity = activityOf(sim, chip, model, first);
    let next = first + 1;
    while (!alone && next < chip.spanStop && activityOf(sim, chip, model, next) === activity) next++;
    const end = next === chip.spanStop ? until : Math.min(until, borderSeconds(sim, chip, next));
    clock.from = begin;
    clock.to = end;
    timeline.count(chip, activity);
    if (kept && end > begin) {
      timeline.segment(chip.index, activity, index, batch.size, first, next - 1, batch.number);
    }
    begin = end;
    first = next;
  }
}

function activityOf(sim: Simulation, chip: Chip, model: number, layer: number): number {
  if (!chip.burst) return BASE;
  const copies = sim.weights.copiesOf(chip.index, model, layer);
  return sim.profiles.quantizes(chip.kind, model, layer, copies) ? QUANTIZING : BURSTING;
}

/**
 * Stops the arrays for a switch to a mode, or while the activations of an interrupted batch are moved (`extraSeconds`).
 * Returns false if this takes no time.
 */
export function beginSwitch(sim: Simulation, chip: Chip, burst: boolean, extraSeconds: number): boolean {
  const changes = burst !== chip.burst;
  if (!changes && extraSeconds === 0) return false;
  if (changes) sim.timeline.change(chip.index, burst);
  chip.burst = burst;
  const seconds = (changes ? chip.switchSeconds : 0) + extraSeconds;
  if (seconds <= 0) return false;
  const { now } = sim.clock;
  chip.phase = SWITCHING_CHIP;
  chip.spanStart = now;
  chip.spanEnd = now + seconds;
  sim.events.set(chip.slot, chip.spanEnd);
  return true;
}

/** Adds the current switch until now to the timeline and to its batch. */
export function bookSwitch(sim: Simulation, chip: Chip): void {
  const { clock, timeline } = sim;
  clock.from = chip.spanStart;
  clock.to = clock.now;
  timeline.count(chip, SWITCH);
  timeline.segment(chip.index, SWITCH, NO_SERVE, 0, 0, 0, chip.batch === null ? 0 : chip.batch.number);
  if (chip.batch !== null) chip.batch.switchSeconds += clock.now - chip.spanStart;
}
