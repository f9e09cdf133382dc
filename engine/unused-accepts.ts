import {
  type Caveat,
  type CaveatCode,
  type Diagnostic,
  diagnosticAt,
  type Scenario,
  scenarioCaveats,
  usedChips,
} from '../design/index.ts';
import type { Program } from '../language/index.ts';
import { tileCaveats } from '../simulator/index.ts';
import { engineMessages } from './messages.ts';

/** Entries of `accept { ... }` that no run of their scenario needs, such as one that was left behind when its cause was corrected. */
export function unusedAccepts({ design }: Program): readonly Diagnostic[] {
  return design.scenarios.flatMap((scenario) => {
    const { accepts = [], acceptOrigins = {}, name } = scenario;
    if (accepts.length === 0) return [];
    const needed = neededCodes(scenario);
    return accepts.flatMap((code) => {
      const origin = acceptOrigins[code];
      if (origin === undefined || needed.has(code)) return [];
      return [diagnosticAt(origin, engineMessages.unusedAccept({ code, scenario: name }), { tag: 'unnecessary' })];
    });
  });
}

/** The caveats that the runs of a scenario have, or may have. */
function neededCodes(scenario: Scenario): ReadonlySet<CaveatCode> {
  const { serves } = scenario;
  const models = [...new Set(serves.map(({ model }) => model))];
  const chips = usedChips(scenario);
  const known: readonly Caveat[] = [
    ...scenarioCaveats(scenario),
    ...chips.flatMap((chip) => tileCaveats(chip, models).map(({ caveat }) => caveat)),
  ];
  const codes = new Set<CaveatCode>(known.map(({ code }) => code));
  if (mayCutTrace(scenario)) codes.add('trace-cut');
  // Only a run shows whether the step of a clock matters.
  if (serves.some(({ arrivals }) => arrivals.kind === 'trace' && arrivals.stepSeconds !== undefined))
    codes.add('trace-resolution');
  return codes;
}

/** Whether a written duration can end before a trace. With several serves, only a run shows how many requests of a trace it replays. */
function mayCutTrace({ duration, serves }: Scenario): boolean {
  if (duration.kind === 'auto') return false;
  return serves.some(({ arrivals }) => {
    if (arrivals.kind !== 'trace') return false;
    const { timesSeconds } = arrivals;
    if (duration.kind === 'time') return timesSeconds.some((seconds) => seconds >= duration.seconds);
    return serves.length > 1 || duration.count < timesSeconds.length;
  });
}
