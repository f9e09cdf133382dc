import type { Program } from '../program.ts';

/** A note at the end of what was written: the shape that a layer makes. */
export interface ShapeHint {
  readonly offset: number;
  readonly text: string;
}

/**
 * The shape behind every layer of a file that ends in [from, to], in the text's order: editors ask for what they show. A block's layers have none
 * unless all its uses agree.
 */
export function shapeHints(
  program: Program,
  uri: string,
  from = 0,
  to = Number.POSITIVE_INFINITY,
): readonly ShapeHint[] {
  const byEnd = new Map<number, string | null>();
  let last = -1;
  let isOrdered = true;
  for (const model of program.design.models) {
    for (const { origin, outputShape } of model.layers) {
      const { end } = origin;
      if (end < from || end > to || origin.uri !== uri) continue;
      const shape = outputShape.join(' x ');
      const before = byEnd.get(end);
      byEnd.set(end, before === undefined || before === shape ? shape : null);
      if (end < last) isOrdered = false;
      last = end;
    }
  }
  const hints: ShapeHint[] = [];
  for (const [offset, text] of byEnd) if (text !== null) hints.push({ offset, text });
  return isOrdered ? hints : hints.sort((a, b) => a.offset - b.offset);
}
