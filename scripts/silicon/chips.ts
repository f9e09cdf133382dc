import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Npu } from '../../design/index.ts';
import { loadProgram } from '../../engine/index.ts';
import { createNodeSources, openLibrary } from '../../host/index.ts';

/** The chips of one library file, by name. `root` is the repository. */
export async function loadChips(root: string, file: string): Promise<ReadonlyMap<string, Npu>> {
  const library = join(root, 'library');
  const url = pathToFileURL(join(library, 'stimpack', file)).href;
  const { design, diagnostics } = await loadProgram(url, createNodeSources(openLibrary(library)));
  const errors = diagnostics.filter((one) => one.severity === 'error');
  if (errors.length > 0) throw new Error(`${file}: ${errors.map((one) => one.message).join('; ')}`);
  return new Map(design.npus.map((npu) => [npu.name, npu]));
}

/** The chips that the measured tables are compared with. */
export interface MeasuredChips {
  readonly tpuV6e: Npu;
  readonly gemmini: Npu;
}

export async function loadMeasuredChips(root: string): Promise<MeasuredChips> {
  const [tpus, gemminis] = await Promise.all([loadChips(root, 'tpuv6e.npu'), loadChips(root, 'gemmini.npu')]);
  const tpuV6e = tpus.get('TPUv6e');
  const gemmini = gemminis.get('GemminiFireSim');
  if (tpuV6e === undefined || gemmini === undefined) throw new Error('the library lacks TPUv6e or GemminiFireSim');
  return { tpuV6e, gemmini };
}
