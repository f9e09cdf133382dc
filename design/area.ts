import type { AreaTable } from './area-table.ts';
import { arrayElements } from './arrays.ts';
import type { Npu } from './npu.ts';
import { productsPerElement } from './operating-mode.ts';
import { formatNumber } from './quantity-text.ts';

/** One part of a chip. `squareMetres` is null if its area has no figure. */
export interface AreaPart {
  readonly name: string;
  readonly squareMetres: number | null;
}

/** The area of one chip. */
export interface ChipArea {
  readonly parts: readonly AreaPart[];
  /** The sum of the parts with a figure. */
  readonly knownSquareMetres: number;
  /** The area of the chip. null if a part has no figure. */
  readonly squareMetres: number | null;
}

/** The area of a chip by part. null if the chip states no areas. */
export function chipArea(npu: Npu): ChipArea | null {
  const table = npu.area;
  if (table === undefined) return null;
  const parts = partsOf(npu, table);
  const known = parts.reduce((sum, { squareMetres }) => sum + (squareMetres ?? 0), 0);
  const isKnown = parts.every(({ squareMetres }) => squareMetres !== null);
  return { parts, knownSquareMetres: known, squareMetres: isKnown ? known : null };
}

function partsOf(npu: Npu, table: AreaTable): readonly AreaPart[] {
  const { vectorUnit, vmem, cmem, hbm, quantizer } = npu;
  const times = (figure: number | undefined | null, amount: number): number | null =>
    figure === undefined || figure === null || !Number.isFinite(amount) ? null : figure * amount;
  const isUnified = npu.unified === true;
  const converts = npu.burst !== null && quantizer.source === 'on-chip';
  const phys = Math.ceil(
    hbm.bandwidthBytesPerSecond / (table.phy?.bandwidthBytesPerSecond ?? Number.POSITIVE_INFINITY),
  );
  return [
    { name: 'arrays', squareMetres: times(elementArea(npu, table), arrayElements(npu)) },
    { name: 'vector unit', squareMetres: times(table.vectorOperation, vectorUnit.operationsPerCycle) },
    { name: isUnified ? 'buffer' : 'VMEM', squareMetres: times(table.vmemPerByte, vmem.capacityBytes) },
    ...(cmem === null || isUnified
      ? []
      : [{ name: 'CMEM', squareMetres: times(table.cmemPerByte, cmem.capacityBytes) }]),
    ...(npu.offChip === 'none'
      ? []
      : [{ name: `${npu.offChip} interface`, squareMetres: times(table.phy?.area, Math.max(1, phys)) }]),
    ...(npu.host === null ? [] : [{ name: 'host link', squareMetres: table.host ?? null }]),
    ...(converts
      ? [{ name: 'quantization unit', squareMetres: times(table.quantizerElement, quantizer.elementsPerCycle) }]
      : []),
    ...(table.other > 0 ? [{ name: 'other', squareMetres: table.other }] : []),
  ];
}

/**
 * One element of an array. Our assumption: a wider multiplier also computes the narrower products, so an element has the larger of the areas that
 * its modes need. A mode that packs several multiplications needs as many units. null if a mode has no figure.
 */
function elementArea({ base, burst }: Npu, { mac }: AreaTable): number | null {
  const modes = burst === null ? [base] : [base, burst];
  const areas = modes.map((mode) => {
    const unit = mac[mode.precision];
    return unit === undefined ? null : unit * productsPerElement(mode);
  });
  return areas.reduce<number | null>((most, one) => (most === null || one === null ? null : Math.max(most, one)), 0);
}

/** The power that a chip draws at all times, in watts. null without energy figures, or if a part without an area draws power. */
export function staticWatts(npu: Npu): number | null {
  if (npu.energy === null) return null;
  const { staticWatts: stated, staticWattsPerSquareMetre: density = 0 } = npu.energy;
  if (density === 0) return stated;
  const area = chipArea(npu)?.squareMetres ?? null;
  return area === null ? null : stated + density * area;
}

/** The parts without a figure, as text: "vector unit and HBM interface". Empty if the area is known. */
export function areaGap(npu: Npu): string {
  const area = chipArea(npu);
  if (area === null) return 'any part';
  return listed(area.parts.filter(({ squareMetres }) => squareMetres === null).map(({ name }) => name));
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/** "321 mm²". */
export function formatArea(squareMetres: number): string {
  return Number.isNaN(squareMetres) ? formatNumber(squareMetres) : `${formatNumber(squareMetres * 1e6)} mm²`;
}

/** "321 mm²", or "at least 177 mm²" if a part has no figure. */
export function chipAreaText({ squareMetres, knownSquareMetres }: ChipArea): string {
  return squareMetres === null ? `at least ${formatArea(knownSquareMetres)}` : formatArea(squareMetres);
}
