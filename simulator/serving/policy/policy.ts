import { type Chip, COMPUTING_CHIP } from '../state/chip.ts';
import type { ServeState } from '../state/serve-state.ts';
import { BASE_STEADY } from '../state/service-profiles.ts';
import { ALWAYS, NEVER, ORACLE, QUEUE, type Simulation, SLACK } from '../state/simulation.ts';
import { batchOf, layerAfter, stopBefore } from '../state/spans.ts';
import { oracleWantsBurst } from './oracle.ts';
import { holdsWith, predict, stillHolds } from './prediction.ts';

/** Whether a chip starts or resumes its batch in burst mode. Called before each batch. */
export function burstForBatch(sim: Simulation, chip: Chip): boolean {
  if (!chip.canBurst) return false;
  switch (sim.policy) {
    case NEVER:
      return false;
    case ALWAYS:
      return true;
    case QUEUE:
      return sim.totalQueued >= sim.queueThreshold;
    case ORACLE:
      return oracleWantsBurst(sim, chip);
    default:
      return slackWantsBurst(sim, chip);
  }
}

/** Whether a chip continues its batch in burst mode after a stop at a layer border. */
export function burstAtBorder(sim: Simulation, chip: Chip): boolean {
  if (chip.wantsBurst) {
    chip.holdsSince = Number.POSITIVE_INFINITY;
    return true;
  }
  return sim.policy === SLACK && sim.atLayers && chip.canBurst ? slackWantsBurst(sim, chip) : chip.burst;
}

/**
 * Burst mode as soon as the base plan misses a deadline. Base mode after the base plan has met all of them for the hold
 * time.
 */
function slackWantsBurst(sim: Simulation, chip: Chip): boolean {
  if (!chip.burst && stillHolds(sim, chip)) return false;
  // In burst mode, `planAfterStart` predicts again before anything else reads the prediction.
  predict(sim, chip, true);
  if (sim.slack.needed[chip.index] === 1) {
    chip.holdsSince = Number.POSITIVE_INFINITY;
    return true;
  }
  if (!chip.burst) return false;
  const { now } = sim.clock;
  if (chip.holdsSince === Number.POSITIVE_INFINITY) chip.holdsSince = now;
  return now < chip.holdsSince + sim.holdSeconds;
}

/** After the start of a span in burst mode: sets the layer border where the policy decides again. */
export function planAfterStart(sim: Simulation, chip: Chip): void {
  if (!chip.burst || sim.policy !== SLACK || !sim.atLayers) return;
  if (chip.holdsSince === Number.POSITIVE_INFINITY) {
    predict(sim, null);
    if (sim.slack.needed[chip.index] === 1) {
      stopBefore(sim, chip, fewestLayers(sim, chip, sim.slack.shortfallSeconds[chip.index] as number));
      return;
    }
    chip.holdsSince = sim.clock.now;
  }
  stopBefore(sim, chip, layerAfter(sim, chip, chip.holdsSince + sim.holdSeconds));
}

/** The first layer border at which burst mode has saved the shortfall and the time of the switch back. */
function fewestLayers(sim: Simulation, chip: Chip, shortfallSeconds: number): number {
  const { prefix, offsets } = sim.profiles;
  const { serve, size } = batchOf(chip);
  const from = chip.spanFrom;
  const baseRow = offsets[serve.profileOn(chip, size, BASE_STEADY)] as number;
  const burstRow = chip.spanOffset;
  const wanted =
    shortfallSeconds + chip.switchSeconds + (prefix[baseRow + from] as number) - (prefix[burstRow + from] as number);
  let low = from + 1;
  let high = serve.layers;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((prefix[baseRow + middle] as number) - (prefix[burstRow + middle] as number) >= wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Called when a request arrives while all chips are busy. Requests burst mode at the next layer border if it is needed.
 */
export function onArrival(sim: Simulation, serve: ServeState): void {
  if (!sim.atLayers) return;
  if (sim.policy === QUEUE) {
    if (sim.totalQueued < sim.queueThreshold) return;
    for (const chip of sim.chips) requestBurst(sim, chip);
    return;
  }
  // `holdsWith` must include every arrival in the prediction, even if no chip can switch now. For example, requests that
  // arrive during a switch to base mode belong to the plan after the switch.
  if (sim.policy === SLACK && !holdsWith(sim, serve)) predictAgain(sim);
}

/** Predicts the whole plan again, and requests burst mode on the chips whose base plan misses a deadline. */
function predictAgain(sim: Simulation): void {
  if (!anyCanChange(sim)) return;
  predict(sim, null);
  for (let c = 0; c < sim.chips.length; c++) {
    if (sim.slack.needed[c] === 1) requestBurst(sim, sim.chips[c] as Chip);
  }
}

function anyCanChange(sim: Simulation): boolean {
  for (let c = 0; c < sim.chips.length; c++) {
    if (canChange(sim.chips[c] as Chip)) return true;
  }
  return false;
}

function canChange(chip: Chip): boolean {
  return chip.canBurst && chip.phase === COMPUTING_CHIP && !chip.burst && !chip.wantsBurst;
}

function requestBurst(sim: Simulation, chip: Chip): void {
  if (!canChange(chip)) return;
  const layer = layerAfter(sim, chip, sim.clock.now);
  if (layer >= batchOf(chip).serve.layers) return;
  chip.wantsBurst = true;
  stopBefore(sim, chip, layer);
}

/** The time when an idle chip in burst mode returns to base mode. Infinity: it stays in its mode. */
export function idleReturnSeconds(sim: Simulation, chip: Chip): number {
  if (!chip.burst) return Number.POSITIVE_INFINITY;
  const { now } = sim.clock;
  if (sim.policy === QUEUE) return sim.queueThreshold > 0 ? now : Number.POSITIVE_INFINITY;
  if (sim.policy !== SLACK) return Number.POSITIVE_INFINITY;
  if (chip.holdsSince === Number.POSITIVE_INFINITY) chip.holdsSince = now;
  return Math.max(now, chip.holdsSince + sim.holdSeconds);
}
