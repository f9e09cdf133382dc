import { assertNever } from './assert-never.ts';
import { distinctTexts } from './distinct-texts.ts';
import type { Npu } from './npu.ts';
import { formatQuantity } from './quantity-text.ts';
import { safeText } from './safe-text.ts';
import type { Serve } from './scenario.ts';

/** One content of off-chip memory. `weights`: one copy in base precision. `copies`: additional quantized weights. */
export type MemoryContent = 'weights' | 'copies' | 'activations' | 'caches';

export interface MemoryPart {
  readonly content: MemoryContent;
  readonly bytes: number;
  /** For weights and copies: the network, which serves share. For activations and caches: the serve. */
  readonly name: string;
  /** Requests of the largest batch, for activations and caches. */
  readonly batch?: number;
  /** The serve that needs it. */
  readonly serve: Serve;
}

/** The peak content of the off-chip memory of one chip, in bytes. It is the same for every chip of a scenario. */
export interface MemoryDemand {
  readonly totalBytes: number;
  readonly capacityBytes: number;
  /** The largest part first. The parts add up to the total. */
  readonly parts: readonly MemoryPart[];
}

export function fits({ totalBytes, capacityBytes }: MemoryDemand): boolean {
  return totalBytes <= capacityBytes;
}

/** "119 GB for the weights of Llama70". */
export function memoryPartText({ content, bytes, name: written, batch }: MemoryPart): string {
  const name = safeText(written);
  const size = formatQuantity(bytes, 'B');
  const of = batch === 1 ? 'a request' : `a batch of ${batch ?? 1}`;
  switch (content) {
    case 'weights':
      return `${size} for the weights of ${name}`;
    case 'copies':
      return `${size} for the quantized copy of the weights of ${name}`;
    case 'activations':
      return `${size} for the activations of ${of} of ${name}`;
    case 'caches':
      return `${size} for the cached keys and values of ${of} of ${name}`;
    default:
      return assertNever(content);
  }
}

/** The chip of a shortage. */
export type MemoryOwner = Pick<Npu, 'name' | 'offChip' | 'hbm' | 'vmem' | 'unified'>;

/** "HBM of TPUv4i has 8 GB". Without an off-chip memory, it states which part of the on-chip memory tiles take. */
export function memoryCapacityText(npu: MemoryOwner, capacity = formatQuantity(npu.hbm.capacityBytes, 'B')): string {
  const { name, offChip, vmem, unified } = npu;
  if (offChip !== 'none') return `${offChip} of ${safeText(name)} has ${capacity}`;
  const tiles = formatQuantity(vmem.capacityBytes / 2, 'B');
  const working = unified === true ? 'the buffer' : 'VMEM';
  return `The on-chip memory of ${safeText(name)} has ${capacity} besides the ${tiles} for tiles (half of ${working})`;
}

/**
 * "HBM of TPUv4i has 8 GB, but S needs 17 TB: 16.8 TB for ..., 119 GB for ...", without a full stop. Decimal units, the usual ones for
 * off-chip memories, with enough digits to show the difference.
 */
export function memoryShortageText(npu: MemoryOwner, who: string, demand: MemoryDemand): string {
  const { totalBytes, capacityBytes, parts } = demand;
  const sizes = [capacityBytes, totalBytes];
  const [capacity, total] = distinctTexts(sizes, (bytes, digits) => formatQuantity(bytes, 'B', digits), 3, mostDigits);
  const listed = parts.filter(({ bytes }) => bytes >= totalBytes * smallestShare).map(memoryPartText);
  const rest = parts.length - listed.length;
  const others = rest === 0 ? [] : [`${rest} smaller ${rest === 1 ? 'part' : 'parts'}`];
  const sum = [...listed, ...others].join(', ');
  return `${memoryCapacityText(npu, capacity)}, but ${safeText(who)} needs ${total}: ${sum}`;
}

/** The number of digits that a double can represent. */
const mostDigits = 15;
/** Parts below a thousandth of the whole are only counted, not listed. Our assumption: they do not explain the sum. */
const smallestShare = 1e-3;
