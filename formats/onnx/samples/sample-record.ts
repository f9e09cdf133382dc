import type { GraphNode } from '../graph.ts';

/** What is known about the samples: an operator combines them, or the importer lost them at an operator. `name`: the name of its node. */
export interface SamplesEnd {
  readonly kind: 'combined' | 'lost';
  readonly operator: string;
  readonly name: string;
}

/** What was found about the samples of the inputs, while the graph is read with the dimensions of the file. */
export class SampleRecord {
  /** The number of samples. */
  readonly count: number;
  private found: SamplesEnd | undefined;

  constructor(count: number) {
    this.count = count;
  }

  /** The first node that combines samples. If there is none: the first one at which they were lost. Undefined if all samples are apart. */
  get end(): SamplesEnd | undefined {
    return this.found;
  }

  /** Records that a node combines samples, or that it has no rule for samples. */
  note(kind: SamplesEnd['kind'], node: GraphNode): void {
    if (this.found?.kind === 'combined' || (this.found !== undefined && kind === 'lost')) return;
    this.found = { kind, operator: node.operator, name: node.name || (node.outputs[0] ?? '') };
  }
}
