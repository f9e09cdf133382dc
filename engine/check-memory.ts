import {
  chipKinds,
  type Diagnostic,
  diagnosticAt,
  type Fix,
  fits,
  isAccepted,
  memoryCapacityText,
  memoryPartText,
  memoryShortageText,
  type Origin,
  type Scenario,
  smallestVmemBytes,
  usedChips,
} from '../design/index.ts';
import type { Program } from '../language/index.ts';
import { type MemoryUser, memoryDemand, tileCaveats } from '../simulator/index.ts';
import { memoryFixes } from './memory-fixes.ts';
import { engineMessages } from './messages.ts';

/** Diagnostics for the memories of the chips of a program that are too small. */
export function checkMemories(program: Program): readonly Diagnostic[] {
  return [...shortages(program), ...tileWarnings(program)];
}

/**
 * Warnings for layers whose tiles do not fit into the scratchpads of their chip. Each is a caveat of the later run. A chip
 * that cannot buffer the smallest tile of its array has another diagnostic.
 */
function tileWarnings({ design }: Program): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const scenario of design.scenarios) {
    const { origin, serves, accepts } = scenario;
    const chips = usedChips(scenario);
    const models = [...new Set(serves.map(({ model }) => model))];
    for (const chip of chips) {
      if (chip.vmem.capacityBytes < smallestVmemBytes(chip)) continue;
      for (const { caveat, layer } of tileCaveats(chip, models)) {
        if (isAccepted(accepts, caveat) || found.some(({ message: known }) => caveat.text.startsWith(known))) continue;
        // The user cannot change a chip of the library, so show the warning at the scenario that uses it.
        const place = chip.origin.uri === origin.uri ? chip.origin : origin;
        const related = [{ message: 'this layer', origin: layer.origin }];
        found.push(diagnosticAt(place, engineMessages.smallVmem({ caveat }), { related }));
      }
    }
  }
  return found;
}

/**
 * One error for each chip of a scenario that is too small for its networks. It shows the required size, its parts, and changes that solve the
 * problem for all of its chips. The variants in `compare` are checked in the same way.
 */
function shortages(program: Program): readonly Diagnostic[] {
  return program.design.scenarios.flatMap((scenario) => {
    const users = memoryUsers(scenario);
    const small = users.filter((user) => !fits(memoryDemand(user)));
    // A chip has one error, even if it has several schedulers.
    const failing = small.filter((user, index) => small.findIndex(({ npu }) => npu === user.npu) === index);
    if (failing.length === 0) return [];
    const fixes = memoryFixes(program, scenario, users);
    return failing.map((user) => shortage(program, scenario, user, fixes));
  });
}

/** A chip with a scheduler, and where to report a problem: at the variant that uses it, or else at the scenario. */
interface PlacedUser extends MemoryUser {
  readonly variant?: Origin;
}

function memoryUsers(scenario: Scenario): readonly PlacedUser[] {
  const { scheduler, serves, compare } = scenario;
  const own = chipKinds(scenario).map(({ npu }) => ({ npu, scheduler, serves }));
  const compared = compare.flatMap(({ npu: other, also = [], scheduler: policy, origin }) =>
    [other, ...also.map(({ npu }) => npu)].map((npu) => ({ npu, scheduler: policy, serves, variant: origin })),
  );
  return [...own, ...compared];
}

function shortage(program: Program, scenario: Scenario, user: PlacedUser, fixes: readonly Fix[]): Diagnostic {
  const demand = memoryDemand(user);
  const { npu, variant } = user;
  const name = program
    .declarations(scenario.origin.uri)
    .find((one) => one.kind === 'scenario' && one.name === scenario.name);
  const related = [
    { message: memoryCapacityText(npu), origin: npu.origin },
    ...demand.parts.map((part) => ({ message: memoryPartText(part), origin: part.serve.origin })),
  ];
  const text = memoryShortageText(npu, scenario.name, demand);
  const origin = variant ?? name?.nameOrigin ?? scenario.origin;
  return diagnosticAt(origin, engineMessages.memoryTooSmall({ shortage: { text } }), {
    related,
    ...(fixes.length === 0 ? {} : { fixes }),
  });
}
