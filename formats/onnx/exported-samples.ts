import type { Message } from '../../design/index.ts';
import { onnxMessages } from '../messages/index.ts';
import { labelsFor } from '../npu-text/index.ts';
import type { BatchReading, ReadInputs } from './graph-inputs.ts';
import type { Importer } from './importer.ts';
import type { Problem } from './outcome.ts';
import type { SamplesEnd } from './samples/index.ts';
import { shapeOf } from './value.ts';

/** A graph that was read, or the reason why it cannot be read. */
export interface GraphReading {
  readonly importer: Importer;
  /** Undefined if the inputs could not be read. */
  readonly inputs?: ReadInputs;
  readonly failure: Problem | { readonly unsupported: Message } | undefined;
}

/**
 * Reads a graph with `read`, for one request. If a first dimension of the file may count requests, the graph is also read with all of them,
 * to follow them through the operators. If an operator combines them, they belong to one request. What the importer
 * decides without a statement of the user is a caveat.
 */
export function readExported(read: (reading: BatchReading) => GraphReading): GraphReading {
  const divided = read('divided');
  const { inputs } = divided;
  if (inputs === undefined || inputs.batch.size === 1 || inputs.stated === 'whole') return divided;
  const followed = read('followed');
  const end: SamplesEnd | undefined = followed.failure === undefined ? endOf(followed.importer) : lostAnywhere;
  const isSample = inputs.stated === 'sample';
  const usesAll =
    !isSample && followed.failure === undefined && (end?.kind === 'combined' || divided.failure !== undefined);
  const chosen = usesAll ? followed : divided;
  reportSamples(chosen.importer, followed.importer, inputs, usesAll, end);
  return chosen;
}

const lostAnywhere: SamplesEnd = { kind: 'lost', operator: 'one of its operators', name: '' };

/** Where the samples end. If no output has them, they ended without being noticed. */
function endOf(importer: Importer): SamplesEnd | undefined {
  const outputs = importer.graph.outputs.map(({ name }) => importer.values.get(name));
  const isCounted = outputs.some((value) => value?.kind === 'activation' && value.samples !== undefined);
  return importer.samples?.end ?? (isCounted ? undefined : { kind: 'lost', operator: 'the graph', name: '' });
}

function reportSamples(
  importer: Importer,
  followed: Importer,
  { batch, stated }: ReadInputs,
  usesAll: boolean,
  end: SamplesEnd | undefined,
): void {
  const { leader, size } = batch;
  if (leader === undefined) return;
  const input = leader.name;
  const axis = batch.axes.get(input) ?? 0;
  const { operator, name } = end ?? lostAnywhere;
  const { sample, whole } = statementsFor(followed, input, axis);
  if (usesAll) {
    const isKnown = end?.kind === 'combined';
    const text = onnxMessages.combinedBatch({ input, axis, size, operator, name, isKnown, sample, whole });
    importer.caveat(text, { kind: 'any' });
  } else if (stated === 'sample') {
    if (end?.kind === 'combined')
      importer.caveat(onnxMessages.combinedSample({ input, size, operator, name, whole }), { kind: 'heavier' });
  } else if (batch.isCertain !== true) {
    importer.caveat(onnxMessages.assumedBatch({ input, axis, size, sample, whole }), { kind: 'heavier' });
  } else if (end !== undefined) {
    importer.caveat(onnxMessages.lostBatch({ input, axis, size, operator, name, sample, whole }), { kind: 'heavier' });
  } else importer.report(onnxMessages.exportedBatch({ input, size }));
}

/** The statements for one sample of an input, and for all dimensions in the order of the file. */
function statementsFor(
  importer: Importer,
  name: string,
  axis: number,
): { readonly sample: string; readonly whole: string } {
  const value = importer.values.get(name);
  if (value?.kind !== 'activation') return { sample: 'input', whole: 'input' };
  const names = importer.inputs.map((input) => input.name ?? '');
  const label = labelsFor(names)[names.indexOf(name)] ?? name;
  const write = (shape: readonly number[]) =>
    names.length > 1 ? `inputs { ${label}: ${shape.join(' x ')} }` : `input: ${shape.join(' x ')}`;
  const { spatial, dims } = value;
  const one = { ...value, dims: dims.with(axis, 1), batchAxis: axis, spatial };
  return { sample: write(shapeOf(one)), whole: write(dims) };
}
