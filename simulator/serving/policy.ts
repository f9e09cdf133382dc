import { oracleMode } from './oracle.ts';
import { holdsWith, predict } from './prediction.ts';
import { BASE_STEADY } from './service-profiles.ts';
import { ALWAYS, CHIP_COMPUTING, NEVER, ORACLE, QUEUE, type Simulation, SLACK } from './simulation.ts';
import { layerAfter, stopBefore } from './spans.ts';

/** Mode in which a chip shall take up, or go on with, its batch: asked at every request border. */
export function modeForBatch(sim: Simulation, chip: number, now: number): number {
  switch (sim.policy) {
    case NEVER:
      return 0;
    case ALWAYS:
      return 1;
    case QUEUE:
      return sim.totalQueued >= sim.queueThreshold ? 1 : 0;
    case ORACLE:
      return oracleMode(sim, chip, now);
    default:
      return slackMode(sim, chip, now);
  }
}

/** Mode after a stop at a layer border. */
export function modeAtBorder(sim: Simulation, chip: number, now: number): number {
  const pending = sim.pendingMode[chip] as number;
  if (pending >= 0) {
    if (sim.policy === SLACK) sim.slack.holdsSince[chip] = Number.POSITIVE_INFINITY;
    return pending;
  }
  return sim.policy === SLACK && sim.atLayers ? slackMode(sim, chip, now) : (sim.mode[chip] as number);
}

/** Into burst as soon as the base plan fails; back once it has held for the hold time. */
function slackMode(sim: Simulation, chip: number, now: number): number {
  predict(sim, now, chip);
  const { slack } = sim;
  if (slack.needed[chip] === 1) {
    slack.holdsSince[chip] = Number.POSITIVE_INFINITY;
    return 1;
  }
  if (sim.mode[chip] === 0) return 0;
  if (slack.holdsSince[chip] === Number.POSITIVE_INFINITY) slack.holdsSince[chip] = now;
  return now >= (slack.holdsSince[chip] as number) + sim.holdSeconds ? 0 : 1;
}

/** After a span began: where it has to stop for another look. */
export function planAfterStart(sim: Simulation, chip: number, now: number): void {
  if (sim.policy !== SLACK || !sim.atLayers || sim.mode[chip] !== 1) return;
  const { slack } = sim;
  if (slack.holdsSince[chip] !== Number.POSITIVE_INFINITY) {
    stopBefore(sim, chip, layerAfter(sim, chip, (slack.holdsSince[chip] as number) + sim.holdSeconds));
    return;
  }
  predict(sim, now, -1);
  if (slack.needed[chip] === 0) {
    slack.holdsSince[chip] = now;
    stopBefore(sim, chip, layerAfter(sim, chip, now + sim.holdSeconds));
    return;
  }
  stopBefore(sim, chip, fewestLayers(sim, chip, slack.shortfallSeconds[chip] as number));
}

/** The first border at which burst has won back the shortfall and the change back. */
function fewestLayers(sim: Simulation, chip: number, shortfallSeconds: number): number {
  const { profiles, batches } = sim;
  const slot = sim.batch[chip] as number;
  const serve = batches.serve[slot] as number;
  const from = sim.spanFrom[chip] as number;
  const baseRow = profiles.offsets[profiles.profile(serve, batches.size[slot] as number, BASE_STEADY)] as number;
  const burstRow = sim.spanOffset[chip] as number;
  const { prefix } = profiles;
  const begin = (prefix[baseRow + from] as number) - (prefix[burstRow + from] as number);
  const wanted = shortfallSeconds + sim.switchSeconds;
  let low = from + 1;
  let high = profiles.layerCounts[serve] as number;
  while (low < high) {
    const middle = (low + high) >> 1;
    const gain = (prefix[baseRow + middle] as number) - (prefix[burstRow + middle] as number) - begin;
    if (gain >= wanted) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A request has joined a queue while all chips are busy: may ask for a mode change at the next layer border. */
export function onArrival(sim: Simulation, serve: number, now: number): void {
  if (!sim.atLayers) return;
  if (sim.policy === QUEUE) {
    if (sim.totalQueued < sim.queueThreshold) return;
    for (let chip = 0; chip < sim.chips; chip++) askForBurst(sim, chip, now);
    return;
  }
  if (sim.policy !== SLACK || !anyCanChange(sim)) return;
  if (holdsWith(sim, serve, now)) return;
  predict(sim, now, -1);
  for (let chip = 0; chip < sim.chips; chip++) {
    if (sim.slack.needed[chip] === 1) askForBurst(sim, chip, now);
  }
}

function anyCanChange(sim: Simulation): boolean {
  for (let chip = 0; chip < sim.chips; chip++) {
    if (canChange(sim, chip)) return true;
  }
  return false;
}

function canChange(sim: Simulation, chip: number): boolean {
  return sim.phase[chip] === CHIP_COMPUTING && sim.mode[chip] === 0 && sim.pendingMode[chip] === -1;
}

function askForBurst(sim: Simulation, chip: number, now: number): void {
  if (!canChange(sim, chip)) return;
  const layer = layerAfter(sim, chip, now);
  const layers = sim.profiles.layerCounts[sim.batches.serve[sim.batch[chip] as number] as number] as number;
  if (layer >= layers) return;
  sim.pendingMode[chip] = 1;
  stopBefore(sim, chip, layer);
}

/** When an idle chip in burst mode shall go back to base by itself; Infinity where it stays. */
export function idleReturnSeconds(sim: Simulation, chip: number, now: number): number {
  if (sim.mode[chip] === 0) return Number.POSITIVE_INFINITY;
  if (sim.policy === QUEUE) return sim.queueThreshold > 0 ? now : Number.POSITIVE_INFINITY;
  if (sim.policy !== SLACK) return Number.POSITIVE_INFINITY;
  const { slack } = sim;
  if (slack.holdsSince[chip] === Number.POSITIVE_INFINITY) slack.holdsSince[chip] = now;
  return Math.max(now, (slack.holdsSince[chip] as number) + sim.holdSeconds);
}
