import { type Fix, fits, formatNumber, type Npu, type Scenario, safeText } from '../design/index.ts';
import {
  changeBatch,
  changeChip,
  type Program,
  type PropertyTexts,
  type ServePlace,
  type TextChange,
} from '../language/index.ts';
import { type MemoryUser, memoryDemand } from '../simulator/index.ts';
import { memorySize } from './memory-size.ts';
import { smallerBatches } from './smaller-batches.ts';

/**
 * Quick fixes for a scenario whose networks do not fit into all of its chips. Each of them alone is enough for every chip, those of `also` and
 * of `compare` included.
 *
 * @param users each chip with each scheduler that it runs with
 */
export function memoryFixes(program: Program, scenario: Scenario, users: readonly MemoryUser[]): readonly Fix[] {
  const { uri } = scenario.origin;
  const place: ServePlace = { program, uri, scenario: scenario.name, serve: 0 };
  const fixes: Fix[] = [];
  const offer = (title: string, changes: readonly (readonly TextChange[] | undefined)[]): void => {
    const all = changes.flatMap((one) => one ?? []);
    if (all.length === 0 || changes.includes(undefined)) return;
    fixes.push({ title, edits: all.map(({ start, end, newText }) => ({ origin: { uri, start, end }, newText })) });
  };
  const change = ({ name }: Npu, head: string, texts: PropertyTexts) => changeChip(place, name, head, texts);

  const small = smallChips(users);
  const larger = small.map(largerMemory);
  offer(
    `Enlarge ${larger.map(({ head, size, npu }) => `${head} of ${safeText(npu.name)} to ${size}`).join(' and ')}`,
    larger.map(({ npu, head, size }) => change(npu, head, { capacity: size })),
  );
  if (users.every((user) => fits(memoryDemand({ ...user, npu: withoutCopies(user.npu) })))) {
    const where = small.length === 1 && small[0]?.npu === scenario.npu ? 'the chip' : namesOf(small);
    offer(
      `Convert weights on ${where} instead of storing a quantized copy`,
      small.map(({ npu }) => change(npu, 'quantizer', { source: 'on-chip' })),
    );
  }
  const smaller = smallerBatches(users) ?? [];
  const batches = smaller.map(
    ({ serve, largest }) => `${safeText(scenario.serves[serve]?.name ?? '')} to ${formatNumber(largest, 4)}`,
  );
  offer(
    `Limit the batch of ${batches.join(' and that of ')}`,
    smaller.map(({ serve, largest }) => changeBatch({ ...place, serve }, largest)),
  );
  return fixes;
}

/** A chip whose memory is too small, and the most that one of its schedulers needs. */
interface SmallChip {
  readonly npu: Npu;
  readonly neededBytes: number;
}

function smallChips(users: readonly MemoryUser[]): readonly SmallChip[] {
  const found = new Map<Npu, number>();
  for (const user of users) {
    const demand = memoryDemand(user);
    if (!fits(demand)) found.set(user.npu, Math.max(found.get(user.npu) ?? 0, demand.totalBytes));
  }
  return [...found].map(([npu, neededBytes]) => ({ npu, neededBytes }));
}

const namesOf = (chips: readonly SmallChip[]): string => chips.map(({ npu }) => safeText(npu.name)).join(' and ');

/** The memory to enlarge, and its new capacity. Without an off-chip memory, half of the working memory is for tiles. */
function largerMemory({ npu, neededBytes }: SmallChip): { npu: Npu; head: string; size: string } {
  const { offChip, vmem, cmem, unified } = npu;
  if (offChip !== 'none') return { npu, head: offChip, size: memorySize(neededBytes) };
  if (unified === true) return { npu, head: 'buffer', size: memorySize(2 * neededBytes) };
  if (cmem === null) return { npu, head: 'VMEM', size: memorySize(2 * neededBytes) };
  return { npu, head: 'CMEM', size: memorySize(neededBytes - vmem.capacityBytes / 2) };
}

function withoutCopies(npu: Npu): Npu {
  return { ...npu, quantizer: { ...npu.quantizer, source: 'on-chip' } };
}
