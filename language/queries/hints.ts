import type { Program } from '../program.ts';

/** A note at the end of what was written: the shape that a layer makes. */
export interface ShapeHint {
  readonly offset: number;
  readonly text: string;
}

/** The shape behind every layer of a file. A block's layers have none unless all its uses agree. */
export function shapeHints(program: Program, uri: string): readonly ShapeHint[] {
  const byEnd = new Map<number, string | null>();
  for (const model of program.design.models) {
    for (const { origin, outputShape } of model.layers) {
      if (origin.uri !== uri) continue;
      const shape = outputShape.join(' x ');
      const before = byEnd.get(origin.end);
      byEnd.set(origin.end, before === undefined || before === shape ? shape : null);
    }
  }
  return [...byEnd]
    .flatMap(([offset, shape]) => (shape === null ? [] : [{ offset, text: shape }]))
    .sort((a, b) => a.offset - b.offset);
}
