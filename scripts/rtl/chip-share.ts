import { type RtlRecord, totalGates } from './record.ts';

/**
 * TPUv4i, the chip that the paper compares with. Arrays: read off the photo of the die by Accelergy-Project/accelforge
 * (examples/arches/tpu_v4i.yaml, MIT). Die: "< 400 mm2" in Jouppi et al., ISCA 2021, table 1; quoted from memory, not verified by us.
 */
export const referenceChip = {
  arraysSquareMillimetres: 14,
  dieSquareMillimetres: 400,
  elements: 4 * 128 * 128,
  columns: 4 * 128,
} as const;

/** What the convertible core adds to the chip, if one gate equivalent has the same area in all of its parts. */
export interface ChipShare {
  readonly elementsSquareMillimetres: number;
  readonly unitSquareMillimetres: number;
  /** Both over the die. */
  readonly share: number;
}

export function elementGates({ synthesis }: RtlRecord, name: string): number {
  const element = synthesis.elements.find((one) => one.name === name);
  if (element === undefined) throw new Error(`the record has no element ${name}`);
  return totalGates(element);
}

/** Gate equivalents of one column of the quantization unit, from the largest unit. */
export function unitGatesPerColumn({ synthesis }: RtlRecord): number {
  const unit = synthesis.quantizationUnits.at(-1);
  if (unit === undefined) throw new Error('the record has no quantization unit');
  return totalGates(unit) / unit.columns;
}

export function chipShare(record: RtlRecord): ChipShare {
  const { arraysSquareMillimetres, dieSquareMillimetres, elements, columns } = referenceChip;
  const squareMillimetresPerGate = arraysSquareMillimetres / (elements * elementGates(record, 'bf16'));
  const added = elementGates(record, 'convertible') - elementGates(record, 'bf16');
  const elementsSquareMillimetres = added * elements * squareMillimetresPerGate;
  const unitSquareMillimetres = unitGatesPerColumn(record) * columns * squareMillimetresPerGate;
  const share = (elementsSquareMillimetres + unitSquareMillimetres) / dieSquareMillimetres;
  return { elementsSquareMillimetres, unitSquareMillimetres, share };
}
