import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Design, Npu } from '../../design/index.ts';
import { loadProgram } from '../../engine/index.ts';
import { createNodeSources, openLibrary } from '../../host/index.ts';
import { eyerissFigure, nvdlaFigures, type PublishedRow } from './published.ts';

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
}

export async function loadMeasuredChips(root: string): Promise<MeasuredChips> {
  const tpuV6e = await loadChip(root, 'tpuv6e.npu', 'TPUv6e');
  return { tpuV6e, gemmini: await loadChip(root, 'gemmini.npu', 'GemminiFireSim') };
}

/** The published figures beside ours. */
export async function loadPublished(root: string): Promise<readonly PublishedRow[]> {
  const eyeriss = await loadChip(root, 'eyeriss.npu', 'EyerissLike');
  const resnet50 = (await loadLibrary(root, 'resnet50.npu')).models.find(({ name }) => name === 'ResNet50');
  if (resnet50 === undefined) throw new Error('resnet50.npu has no ResNet50');
  return [...nvdlaFigures(eyeriss, resnet50), eyerissFigure(eyeriss)];
}

async function loadChip(root: string, file: string, name: string): Promise<Npu> {
  const chip = (await loadLibrary(root, file)).npus.find((npu) => npu.name === name);
  if (chip === undefined) throw new Error(`${file} has no ${name}`);
  return chip;
}
