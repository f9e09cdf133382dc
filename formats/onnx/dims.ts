import { product } from './value.ts';

/** No network has larger dimensions and tensors. A file with larger ones is broken or hostile. */
const maxDimension = 2 ** 31;
const maxElements = 2 ** 42;

/** The reason why `dims` cannot belong to a tensor. Undefined if they can. */
export function dimsProblem(dims: readonly number[]): string | undefined {
  if (dims.length > 16) return `has ${dims.length} dimensions`;
  for (const dimension of dims) {
    if (!Number.isInteger(dimension) || dimension < 0) return `has a dimension of ${dimension}`;
    if (dimension > maxDimension) return `has a dimension of ${dimension}, more than any memory can store`;
  }
  const elements = product(dims);
  return elements > maxElements ? `has ${elements} elements, more than any memory can store` : undefined;
}
