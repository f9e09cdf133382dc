import type { Model } from '../../design/index.ts';
import { readOnnx, writeNpu } from '../../formats/index.ts';
import { compile } from '../../language/index.ts';
import { layerSize } from '../../simulator/hardware/index.ts';

const origin = { uri: 'test.npu', start: 0, end: 0 };
const uri = 'file:///imported.npu';

/** The parts of a network that the text of `import` must keep: its graph, shapes, weights and counts. */
function essence(model: Model) {
  return model.layers.map((layer) => ({
    reads: layer.inputs,
    from: layer.inputShapes,
    to: layer.outputShape,
    operation: layer.operation,
    sharesWeightsOf: layer.sharesWeightsOf,
    ...layerSize(layer),
  }));
}

/**
 * The network of a graph, and the network of the text that is written for it. Undefined if the file is rejected, which is right for some.
 */
export function roundTrip(file: Uint8Array): { readonly before: unknown; readonly after: unknown } | undefined {
  const { value } = readOnnx(file, 'Net', origin);
  if (value === undefined) return undefined;
  const text = writeNpu({ notes: [], npus: [], models: [value] });
  const { design, diagnostics } = compile(uri, {
    readText: (target) => (target === uri ? text : { kind: 'not-found' }),
    libraryUri: () => undefined,
    libraryNames: () => [],
    importModel: () => ({ value: undefined, diagnostics: [] }),
    importTrace: () => ({ value: undefined, diagnostics: [] }),
  });
  const [model] = design.models;
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  return { before: essence(value), after: model === undefined || errors.length > 0 ? errors : essence(model) };
}
