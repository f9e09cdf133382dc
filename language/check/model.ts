import {
  type Accuracy,
  type AccuracyKey,
  isMixedKey,
  type Model,
  type Origin,
  precisions,
  type Shape,
} from '../../design/index.ts';
import { layerMessages } from '../messages/index.ts';
import type { Statement } from '../syntax/index.ts';
import type { BlockReader } from './blocks.ts';
import { originOf } from './checked-file.ts';
import { GraphBuilder } from './graph.ts';
import type { Imports } from './imports.ts';
import { declaredInputs, reportIdleAssumptions, statementsOf } from './model-inputs.ts';
import { checkOpenModel } from './open-model.ts';
import type { Settings } from './settings.ts';

/** Makes a network from its block or from the file after `from`. undefined if nothing could be read. */
export function buildModel(
  name: string,
  origin: Origin,
  settings: Settings,
  statement: Statement,
  reader: BlockReader,
  imports: Imports,
): Model | undefined {
  const { reporter } = reader;
  const { file } = settings.scope;
  const quantization = settings.word<Model['quantization']>('quantization');
  const sparsity = settings.word('sparsity') === 'two-of-four' ? ({ sparsity: 'two-of-four' } as const) : {};
  const accuracy = accuracyOf(settings.block('accuracy'));
  const from = statement.clauses.find((clause) => clause.keyword.text === 'from');
  const layers = settings.block('layers');
  if (from !== undefined) {
    if (layers !== undefined) {
      reporter.report(layers.head, layerMessages.modelWithTwoSources({ name }));
    }
    if (from.value.kind !== 'text') {
      const message = layerMessages.missingFileName({ example: `${name.toLowerCase()}.onnx` });
      if (from.value.kind !== 'missing') reporter.report(originOf(file, from.value), message);
      return undefined;
    }
    const imported = imports.model(from.value.value, name, originOf(file, from.value), statementsOf(settings));
    if (imported === undefined) return undefined;
    return {
      ...imported,
      name,
      origin,
      quantization: settings.has('quantization') ? quantization : imported.quantization,
      ...sparsity,
      accuracy: accuracy ?? imported.accuracy,
    };
  }
  reportIdleAssumptions(settings, reporter);
  const inputs = declaredInputs(settings);
  if (!settings.has('input') && settings.block('inputs') === undefined && statement.body !== undefined) {
    const { insertAt } = settings;
    const text = 'input: 224 x 224 x 3';
    const fixes =
      insertAt === undefined
        ? []
        : [{ title: `Insert '${text}'`, edits: [{ origin: insertAt, newText: `\n  ${text}` }] }];
    reporter.report(settings.head, layerMessages.missingInput({ example: text }), { fixes });
  }
  if (layers === undefined || layers.rest.length === 0) {
    reporter.report(layers?.head ?? settings.head, layerMessages.modelWithoutLayers({ name }));
    return undefined;
  }
  const graph = new GraphBuilder(reader);
  graph.build(
    layers.rest,
    settings.scope,
    inputs ?? { isOpen: false, first: unknownShape, firstOrigin: settings.origin('input'), named: [] },
    origin,
  );
  if (inputs === undefined || graph.layers.length === 0 || graph.isCut) return undefined;
  checkOpenModel(name, inputs, graph.layers, reporter);
  const several = inputs.named.length === 0 ? {} : { inputs: inputs.named.map(({ name, shape }) => ({ name, shape })) };
  return {
    name,
    origin,
    inputShape: inputs.first,
    ...(inputs.isOpen ? ({ open: 'tokens' } as const) : {}),
    ...several,
    layers: graph.layers,
    quantization,
    ...sparsity,
    accuracy,
  };
}

/** Replaces a missing input, so that the layers are still read. Errors that follow from it are not reported. */
const unknownShape: Shape = [224, 224, 3];

function accuracyOf(settings: Settings | undefined): Accuracy | null {
  if (settings === undefined) return null;
  const byPrecision: Partial<Record<AccuracyKey, number>> = {};
  for (const precision of precisions) {
    const fraction = settings.optionalNumber(precision);
    if (fraction !== undefined) byPrecision[precision] = fraction;
  }
  for (const [name, { value }] of settings.values) {
    if (isMixedKey(name) && value?.kind === 'quantity') byPrecision[name] = value.value;
  }
  return { metric: settings.text('metric'), byPrecision };
}
