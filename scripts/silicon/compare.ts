import type { MeasuredChips } from './chips.ts';
import type { ComparedTable } from './compared-row.ts';
import { readTable } from './csv-table.ts';
import { fittedOverlap, gemminiRows } from './gemmini.ts';
import { attentionRows, blockRows } from './tpu-v6e.ts';
import { stepRows } from './tpu-v6e-step.ts';

const profile = 'one layer of Llama-3.1-8B on a TPU v6e in bf16; casys-kaist/LLMServingSim, profiler/v0, MIT';

/** Compares every table that the folder has. */
export function compareFolder(folder: string, { tpuV6e, gemmini, llama }: MeasuredChips): readonly ComparedTable[] {
  const tables: ComparedTable[] = [];
  const layers = readTable(folder, 'tpu-v6e/layers.csv');
  if (layers !== null) {
    tables.push({
      name: 'v6e-block',
      title: 'TPU v6e, the products of one layer',
      source: profile,
      fit: 'one value, `sustained` of the arrays; on every second number of tokens',
      rows: blockRows(tpuV6e, layers),
    });
  }
  const attention = readTable(folder, 'tpu-v6e/attention.csv');
  if (attention !== null) {
    const fit =
      'two values for decode and prefill together, `launch` and `per pass`; on rows with an even number of 32 keys';
    for (const phase of ['decode', 'prefill'] as const) {
      const rows = attentionRows(tpuV6e, attention, phase);
      tables.push({
        name: `v6e-attention-${phase}`,
        title: `TPU v6e, attention, ${phase}`,
        source: profile,
        fit,
        rows,
      });
    }
  }
  if (layers !== null && attention !== null) {
    tables.push({
      name: 'v6e-step',
      title: 'TPU v6e, a whole decode step of Llama-3.1-8B',
      source: 'the sum of the measured operators of all 32 layers, `lm_head` and the embedding; the same profile',
      fit: 'nothing on these rows; the chip has the fitted values of the tables above',
      rows: stepRows(tpuV6e, llama, layers, attention),
    });
  }
  const operators = readTable(folder, 'gemmini-firesim/own-tiling.csv');
  if (operators !== null) {
    tables.push({
      name: 'gemmini-firesim',
      title: 'Gemmini in FireSim, one operator with given tiles',
      source: 'RTL of a whole system, 16 x 16 in int8; ucb-bar/dosa, BSD-2-Clause',
      fit: 'two values, `efficiency` of DRAM and the overlap of loads with computation; on three of four rows',
      rows: gemminiRows(gemmini, operators, { overlap: fittedOverlap, ownTiles: true }),
    });
  }
  return tables.filter(({ rows }) => rows.length > 0);
}
