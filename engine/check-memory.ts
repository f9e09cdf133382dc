import {
  chipKinds,
  type Diagnostic,
  diagnosticAt,
  type Fix,
  fits,
  formatNumber,
  formatQuantity,
  isAccepted,
  type MemoryDemand,
  memoryName,
  memoryPartText,
  memoryShortageText,
  type Npu,
  type Scenario,
  safeText,
  smallestVmemBytes,
  usedChips,
} from '../design/index.ts';
import { changeBatch, changeNpu, type Program, type ServePlace, type TextChange } from '../language/index.ts';
import { type MemoryUser, memoryDemand, tileCaveats } from '../simulator/index.ts';
import { memorySize } from './memory-size.ts';
import { engineMessages } from './messages.ts';
import { smallerBatches } from './smaller-batches.ts';

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
 * One error for each scenario whose networks do not fit into the off-chip memory of its chip. It shows the required size, its
 * parts, and changes that solve the problem. The variants in `compare` are checked in the same way.
 */
function shortages(program: Program): readonly Diagnostic[] {
  return program.design.scenarios.flatMap((scenario) => {
    const { scheduler, serves, compare } = scenario;
    for (const { npu } of chipKinds(scenario)) {
      const own = shortage(program, scenario, { npu, scheduler, serves });
      if (own !== undefined) return [own];
    }
    // All variants with the same chip have the same problem, so report only the first.
    const failing = compare.flatMap(({ npu: other, scheduler: policy, origin }) => {
      const found = shortage(program, scenario, { npu: other, scheduler: policy, serves });
      return found === undefined ? [] : [{ chip: other.name, diagnostic: { ...found, origin } }];
    });
    return failing
      .filter(({ chip }, index) => failing.findIndex((other) => other.chip === chip) === index)
      .map(({ diagnostic }) => diagnostic);
  });
}

function shortage(program: Program, scenario: Scenario, user: MemoryUser): Diagnostic | undefined {
  const demand = memoryDemand(user);
  if (fits(demand)) return undefined;
  const { npu } = user;
  const name = program
    .declarations(scenario.origin.uri)
    .find((one) => one.kind === 'scenario' && one.name === scenario.name);
  const fixes = fixesOf(program, scenario, user, demand);
  const related = [
    {
      message: `${memoryName(npu)} of ${safeText(npu.name)} has ${formatQuantity(npu.hbm.capacityBytes, 'B')}`,
      origin: npu.origin,
    },
    ...demand.parts.map((part) => ({ message: memoryPartText(part), origin: part.serve.origin })),
  ];
  const text = memoryShortageText(npu, scenario.name, demand);
  return diagnosticAt(name?.nameOrigin ?? scenario.origin, engineMessages.memoryTooSmall({ shortage: { text } }), {
    related,
    ...(fixes.length === 0 ? {} : { fixes }),
  });
}

/** Quick fixes. Each of them alone is enough to make the networks fit. */
function fixesOf(program: Program, scenario: Scenario, user: MemoryUser, demand: MemoryDemand): readonly Fix[] {
  const { uri } = scenario.origin;
  const place: ServePlace = { program, uri, scenario: scenario.name, serve: 0 };
  const fixes: Fix[] = [];
  const offer = (title: string, changes: readonly TextChange[] | undefined): void => {
    if (changes === undefined || changes.length === 0) return;
    const edits = changes.map(({ start, end, newText }) => ({ origin: { uri, start, end }, newText }));
    fixes.push({ title, edits });
  };
  // A variant in `compare` uses another chip. A change of the chip of the scenario does not help the variant.
  const isOwnChip = user.npu === scenario.npu;
  const size = memorySize(demand.totalBytes);
  if (isOwnChip) {
    const { name, offChip } = user.npu;
    if (offChip !== 'none')
      offer(`Enlarge ${offChip} of ${safeText(name)} to ${size}`, changeNpu(place, offChip, { capacity: size }));
    if (fits(memoryDemand({ ...user, npu: withoutCopies(user.npu) }))) {
      offer(
        'Convert weights on the chip instead of storing a quantized copy',
        changeNpu(place, 'quantizer', { source: 'on-chip' }),
      );
    }
  }
  const smaller = smallerBatches(user);
  if (smaller !== undefined) {
    const texts = smaller.map(
      ({ serve, largest }) => `${safeText(user.serves[serve]?.name ?? '')} to ${formatNumber(largest, 4)}`,
    );
    const changes = smaller.map(({ serve, largest }) => changeBatch({ ...place, serve }, largest));
    if (changes.every((one) => one !== undefined)) {
      offer(`Limit the batch of ${texts.join(' and that of ')}`, changes.flat());
    }
  }
  return fixes;
}

function withoutCopies(npu: Npu): Npu {
  return { ...npu, quantizer: { ...npu.quantizer, source: 'on-chip' } };
}
