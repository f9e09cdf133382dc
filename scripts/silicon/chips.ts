import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Design, Model, Npu } from '../../design/index.ts';
import { loadProgram } from '../../engine/index.ts';
import { createNodeSources, openLibrary } from '../../host/index.ts';
import { type ComparedChip, statedChips } from './compared-chips.ts';
import { type PublishedRow, publishedRow } from './published.ts';
import { networkFiles, publishedFigures } from './published-figures.ts';
import { partialNetworks } from './published-networks.ts';

/** One file of the library. `root` is the repository. */
async function loadLibrary(root: string, file: string): Promise<Design> {
  const library = join(root, 'library');
  const url = pathToFileURL(join(library, 'stimpack', file)).href;
  const { design, diagnostics } = await loadProgram(url, createNodeSources(openLibrary(library)));
  const errors = diagnostics.filter((one) => one.severity === 'error');
  if (errors.length > 0) throw new Error(`${file}: ${errors.map((one) => one.message).join('; ')}`);
  return design;
}

/** The chips that the measured tables are compared with. */
export interface MeasuredChips {
  readonly tpuV6e: Npu;
  readonly gemmini: Npu;
  /** Llama-3.1-8B, whose operators were measured on the TPU v6e. */
  readonly llama: Model;
}

export async function loadMeasuredChips(root: string): Promise<MeasuredChips> {
  const tpuV6e = await loadChip(root, 'tpuv6e.npu', 'TPUv6e');
  const llama = (await loadLibrary(root, 'llama.npu')).models.find(({ name }) => name === 'Llama31_8B');
  if (llama === undefined) throw new Error('llama.npu has no Llama31_8B');
  return { tpuV6e, gemmini: await loadChip(root, 'gemmini.npu', 'GemminiFireSim'), llama };
}

/** Everything that is published about chips of the library, beside ours. */
export interface Published {
  readonly rows: readonly PublishedRow[];
  readonly chips: readonly ComparedChip[];
}

export async function loadPublished(root: string): Promise<Published> {
  const library: Model[] = [];
  for (const file of networkFiles) library.push(...(await loadLibrary(root, `${file}.npu`)).models);
  const networks = [...library, ...partialNetworks(library)];
  const rows: PublishedRow[] = [];
  for (const figure of publishedFigures) {
    const model = networks.find(({ name }) => name === figure.network);
    if (model === undefined) throw new Error(`the library has no ${figure.network}`);
    rows.push(publishedRow(figure, await loadChip(root, `${figure.file}.npu`, figure.chip), model));
  }
  const chips: ComparedChip[] = [];
  for (const stated of statedChips) {
    chips.push({ ...stated, npu: await loadChip(root, `${stated.file}.npu`, stated.chip) });
  }
  return { rows, chips };
}

async function loadChip(root: string, file: string, name: string): Promise<Npu> {
  const chip = (await loadLibrary(root, file)).npus.find((npu) => npu.name === name);
  if (chip === undefined) throw new Error(`${file} has no ${name}`);
  return chip;
}
