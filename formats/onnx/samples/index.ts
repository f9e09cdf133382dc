import type { NodeReader } from '../node-reader.ts';
import type { Activation, Value } from '../value.ts';
import { samplesOf } from './operands.ts';
import { sampleRules } from './rules.ts';
import type { Samples } from './sample-axis.ts';
import type { SampleRecord } from './sample-record.ts';

export { SampleRecord, type SamplesEnd } from './sample-record.ts';

/** The outputs of a node, each with the place of its samples, if the graph is read to follow them. */
export function followSamples(
  node: NodeReader,
  outputs: readonly (Value | undefined)[],
): readonly (Value | undefined)[] {
  const record = node.importer.samples;
  if (record === undefined) return outputs;
  const isUsed = node.node.inputs.some((_, at) => dependsOnSamples(node.input(at)));
  const samples = isUsed && record.end?.kind !== 'combined' ? placesOf(node, outputs) : [];
  return outputs.map((output, index) => {
    if (output?.kind !== 'activation') return output;
    return placed(node, record, output, samples.length === 1 ? samples[0] : samples[index]);
  });
}

/** The items of a sequence can have samples too. No rule follows them. */
function dependsOnSamples(value: Value | undefined): boolean {
  return samplesOf(value) !== undefined || (value?.kind === 'constant' && (value.items ?? []).some(dependsOnSamples));
}

function placesOf(node: NodeReader, outputs: readonly (Value | undefined)[]): readonly Samples[] {
  const rule = sampleRules.get(node.node.operator);
  const found = rule === undefined ? 'lost' : rule(node, outputs);
  return typeof found === 'object' && !('axis' in found) ? found : [found as Samples];
}

function placed(node: NodeReader, record: SampleRecord, output: Activation, samples: Samples): Activation {
  if (typeof samples === 'string') record.note(samples, node.node);
  const { samples: _, ...plain } = output;
  if (typeof samples !== 'object') return plain;
  const size = output.dims[samples.axis] ?? 0;
  if (size % (samples.outer * record.count) === 0 && size > 0) return { ...plain, samples };
  record.note('lost', node.node);
  return plain;
}
