import type { Npu } from '../../design/index.ts';
import type { LayerWork } from './layer-work.ts';
import type { ModeFacts } from './mode-facts.ts';
import type { TiledCost } from './tile-cost.ts';

/**
 * The dynamic energy of a layer in joules, without static power. null without an energy table, or without the constant for this precision.
 * A conversion reads the base copy and writes the quantized copy inside the large scratchpad.
 */
export function dynamicJoules(
  npu: Npu,
  facts: ModeFacts,
  work: LayerWork,
  cost: TiledCost,
  quantizedElements: number,
  convertedBytes: number,
): number | null {
  const table = npu.energy;
  if (table === null) return null;
  const macJoules = table.macJoules[facts.computePrecision];
  if (macJoules === undefined && work.macs > 0) return null;
  return (
    work.computedMacs * (macJoules ?? 0) +
    work.vectorOperations * table.vectorOperationJoules +
    cost.vmemBytes * table.vmemJoulesPerByte +
    (cost.cmemBytes + convertedBytes) * table.cmemJoulesPerByte +
    cost.hbmBytes * table.hbmJoulesPerByte +
    quantizedElements * cost.weightLoads * table.quantizeJoulesPerElement
  );
}
