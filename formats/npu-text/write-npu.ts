import { assertNever, type Layer, type Model, type Npu } from '../../design/index.ts';
import { asName, type ImportedNpu } from '../scale-sim/index.ts';
import { layerText, shapeText } from './layer-text.ts';
import { labelsFor } from './names.ts';
import { bandwidthText, bytesText, frequencyText } from './quantities.ts';

/** The content of one `.npu` file. */
export interface NpuDocument {
  /** The origin of the content, one sentence each. They become comments at the top. */
  readonly notes: readonly string[];
  readonly npus: readonly ImportedNpu[];
  readonly models: readonly Model[];
}

/** A longer line is broken, with one property on each line. */
const lineWidth = 120;

/**
 * Writes a `.npu` file that declares the chips and networks. When it is compiled, it gives the same layers, shapes and counts. Names are
 * kept as far as the language can write them. A layer states its inputs only if they are not the layer before it.
 */
export function writeNpu(document: NpuDocument): string {
  const parts: string[] = [];
  if (document.notes.length > 0) parts.push(document.notes.map(comment).join('\n'));
  // Chips and networks share one namespace, and a configuration often has the same name as its topology. Then the network keeps the name.
  const modelNames = document.models.map((model) => asName(model.name, 'Model'));
  const npuNames = document.npus.map(({ npu }) => asName(npu.name, 'Chip'));
  const names = labelsFor([
    ...modelNames,
    ...npuNames.map((name) => (modelNames.includes(name) ? `${name}_Chip` : name)),
  ]);
  document.npus.forEach((each, index) => {
    parts.push(npuText(each, names[modelNames.length + index] ?? 'Chip'));
  });
  document.models.forEach((model, index) => {
    parts.push(modelText(model, names[index] ?? 'Model'));
  });
  return `${parts.join('\n\n')}\n`;
}

function comment(text: string): string {
  return `// ${text.replaceAll(/[\r\n]+/g, ' ')}`;
}

function npuText({ npu, assumptions }: ImportedNpu, name: string): string {
  const { array } = npu;
  const count = array.count === 1 ? '' : `, count: ${array.count}`;
  return [
    ...assumptions.map(comment),
    `npu ${name} {`,
    `  clock: ${frequencyText(npu.clockHertz)}`,
    '  array {',
    `    rows: ${array.rows}, columns: ${array.columns}${count}`,
    `    dataflow: ${array.dataflow}`,
    `    preload: ${array.preload}`,
    ...(array.convolution === 'direct' ? ['    convolution: direct'] : []),
    ...(array.issue === undefined
      ? []
      : [`    issue { rows: ${array.issue.blockRows}, cycles: ${array.issue.minimumCycles} }`]),
    '  }',
    `  vector { rate: ${npu.vectorUnit.operationsPerCycle} operations/cycle }`,
    `  VMEM { ${memoryText(npu.vmem)} }`,
    `  ${npu.offChip} { ${memoryText(npu.hbm)} }`,
    `  mode base { precision: ${npu.base.precision} }`,
    '}',
  ].join('\n');
}

function memoryText(memory: Npu['vmem']): string {
  return `capacity: ${bytesText(memory.capacityBytes)}, bandwidth: ${bandwidthText(memory.bandwidthBytesPerSecond)}`;
}

function modelText(model: Model, name: string): string {
  const several = model.inputs ?? [];
  const all = labelsFor([...several.map((input) => input.name), ...model.layers.map((layer) => layer.name)]);
  const labels: Labels = { inputs: all.slice(0, several.length), layers: all.slice(several.length) };
  const lines = [`model ${name} {`];
  if (several.length === 0) lines.push(`  input: ${model.open ?? shapeText(model.inputShape)}`);
  else {
    lines.push(
      '  inputs {',
      ...several.map(({ shape }, at) => `    ${labels.inputs[at] ?? ''}: ${shapeText(shape)}`),
      '  }',
    );
  }
  switch (model.quantization) {
    case 'static':
      break;
    case 'dynamic':
    case 'weight-only':
      lines.push(`  quantization: ${model.quantization}`);
      break;
    default:
      assertNever(model.quantization);
  }
  if (model.sparsity !== undefined) lines.push(`  sparsity: ${model.sparsity}`);
  lines.push('  layers {');
  model.layers.forEach((layer, index) => {
    const { keyword, properties } = layerText(layer);
    const { sharesWeightsOf } = layer;
    const shared = sharesWeightsOf === undefined ? [] : [`weights: ${labels.layers[sharesWeightsOf] ?? ''}`];
    const all = [...properties, ...shared, ...sourceProperties(layer, index, model, labels)];
    const head = `    ${labels.layers[index] ?? keyword}: ${keyword}`;
    const line = all.length === 0 ? head : `${head} { ${all.join(', ')} }`;
    if (line.length <= lineWidth) lines.push(line);
    else lines.push(`${head} {`, ...all.map((property) => `      ${property}`), '    }');
  });
  lines.push('  }', '}');
  return lines.join('\n');
}

/** The names of the inputs of a network, if there are several, and of its layers. */
interface Labels {
  readonly inputs: readonly string[];
  readonly layers: readonly string[];
}

/**
 * `inputs` if they are not only the layer before. An element-wise layer always states them, because with one input it is combined with a
 * constant. `input` if data from outside has its own shape.
 */
function sourceProperties(layer: Layer, index: number, model: Model, labels: Labels): string[] {
  const { inputs, inputShapes } = layer;
  const properties: string[] = [];
  const own = inputs.findIndex(
    (input, at) => input === -1 && shapeText(inputShapes[at] ?? []) !== shapeText(model.inputShape),
  );
  if (own >= 0) properties.push(`input: ${shapeText(inputShapes[own] ?? [])}`);
  const isNext = inputs.length === 1 && (inputs[0] === index - 1 || own >= 0);
  if (isNext && layer.operation.kind !== 'elementwise') return properties;
  const labelOf = (input: number) => (input < 0 ? labels.inputs[-1 - input] : labels.layers[input]) ?? 'input';
  properties.push(`inputs: [${inputs.map(labelOf).join(', ')}]`);
  return properties;
}
