import type { Program } from '../program.ts';

/** An inlay hint after a layer: its output shape. */
export interface ShapeHint {
  readonly offset: number;
  readonly text: string;
}

/**
 * The output shapes of all layers that end in [from, to], the range that the editor shows, in text order. A layer of a block has a hint only if
 * its shape is the same in all uses of the block.
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
