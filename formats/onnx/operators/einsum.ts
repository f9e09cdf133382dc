import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, constant, product, type Value, withSpatial } from '../value.ts';
import { multiply } from './linear.ts';
import { combine } from './pointwise.ts';
import { sumOver } from './pooling.ts';

/*
 * Einsum (ONNX operator Einsum, NumPy's einsum): every letter of an operand is kept or summed over. Two operands are a product of matrices
 * between transpositions. More operands are multiplied from the left, as NumPy does without an optimized path.
 */

/** A value with a letter for each axis. */
interface Operand {
  readonly letters: string;
  readonly value: Value;
}

/** Names for the axes of '...', from the right. No equation uses digits as letters. */
const ellipsisLetters = '0123456789';

/** Replaces each '...' by letters, aligned from the right as in broadcasting. Undefined if the operands have too many axes. */
function spellOut(terms: readonly string[], values: readonly Value[]): readonly string[] | undefined {
  const hidden = terms.map((term, index) => (values[index]?.dims.length ?? 0) - term.replace('...', '').length);
  if (terms.some((term, index) => (term.includes('...') ? (hidden[index] ?? -1) < 0 : hidden[index] !== 0)))
    return undefined;
  if (hidden.some((count) => count > ellipsisLetters.length)) return undefined;
  return terms.map((term, index) =>
    term.replace('...', ellipsisLetters.slice(0, hidden[index]).split('').reverse().join('')),
  );
}

/** The equation of the node with a letter for each axis. Returns a string if it does not fit the inputs: the reason. */
export function equationOf(
  node: NodeReader,
):
  | { readonly operands: readonly Operand[]; readonly output: string; readonly sizes: ReadonlyMap<string, number> }
  | string {
  const equation = node.text('equation').replaceAll(' ', '');
  const shown = `the equation '${equation.slice(0, 80)}'`;
  const [sides = '', written] = equation.split('->');
  const terms = sides.split(',');
  const values = terms.flatMap((_, index) => node.input(index) ?? []);
  if (values.length !== terms.length || !terms.every((term) => /^[A-Za-z]*(\.\.\.)?[A-Za-z]*$/.test(term))) {
    return `${shown} does not fit its ${node.node.inputs.length} inputs`;
  }
  const spelled = spellOut(terms, values);
  if (spelled === undefined) return `${shown} does not fit its inputs`;
  const sizes = new Map<string, number>();
  for (const [index, letters] of spelled.entries()) {
    for (const [axis, letter] of [...letters].entries()) {
      const size = values[index]?.dims[axis] ?? 1;
      const known = sizes.get(letter) ?? 1;
      if (known !== 1 && size !== 1 && known !== size)
        return `${shown} gives '${letter}' the sizes ${known} and ${size}`;
      sizes.set(letter, Math.max(known, size));
    }
  }
  const output = outputLetters(spelled, written);
  if ([...output].some((letter) => !sizes.has(letter)) || new Set(output).size !== output.length) {
    return `${shown} makes axes that none of its inputs has`;
  }
  const operands = spelled.flatMap((letters, index): Operand[] => {
    const value = values[index];
    return value === undefined ? [] : [{ letters, value }];
  });
  return { operands, output, sizes };
}

function einsum(node: NodeReader): Outcome {
  const equation = equationOf(node);
  if (typeof equation === 'string') return equation;
  const { operands, output, sizes } = equation;
  return contract(
    node,
    operands.map((operand) => diagonal(node, operand)),
    output,
    sizes,
  );
}

/** Without an arrow, the result has the axes of '...', then every letter that occurs once, in alphabetical order. */
function outputLetters(spelled: readonly string[], written: string | undefined): string {
  const all = [...spelled.join('')];
  const longest = spelled
    .map((letters) => [...letters].filter((letter) => ellipsisLetters.includes(letter)).join(''))
    .reduce((left, right) => (right.length > left.length ? right : left), '');
  if (written !== undefined) return written.replace('...', longest);
  const once = all.filter((letter) => /[A-Za-z]/.test(letter) && all.indexOf(letter) === all.lastIndexOf(letter));
  return longest + once.sort().join('');
}

/** If an operand repeats a letter, only the elements with the same position along both axes are kept. */
function diagonal(node: NodeReader, operand: Operand): Operand {
  const letters = [...new Set(operand.letters)].join('');
  if (letters.length === operand.letters.length) return operand;
  const { value } = operand;
  const dims = [...letters].map((letter) => value.dims[operand.letters.indexOf(letter)] ?? 1);
  if (value.kind === 'constant') return { letters, value: constant(dims) };
  const shape = dims.length === 0 ? [1] : dims;
  const reads = [node.importer.read(withSpatial(value, 0))];
  const source = node.importer.add(`${node.name}_diagonal`, { kind: 'reshape', copies: true }, reads, shape);
  return { letters, value: { kind: 'activation', dims, batchAxis: -1, spatial: 0, source, moved: false } };
}

function contract(
  node: NodeReader,
  operands: readonly Operand[],
  output: string,
  sizes: ReadonlyMap<string, number>,
): Outcome {
  let [left, ...rest] = operands;
  if (left === undefined) return 'it has no input';
  for (const [index, right] of rest.entries()) {
    // Keep the letters that later operands or the result need.
    const needed = new Set([...output, ...rest.slice(index + 1).flatMap(({ letters }) => [...letters])]);
    const isLast = index === rest.length - 1;
    const next = pair(node, left, right, needed, isLast ? output : undefined, sizes);
    if (typeof next === 'string') return next;
    left = next;
  }
  const made = summed(node, left, new Set(output));
  if (typeof made === 'string') return made;
  return [arranged(made, output, sizes)];
}

/** Sums an operand over the letters that nothing else needs. */
function summed(node: NodeReader, operand: Operand, needed: ReadonlySet<string>): Operand | string {
  const axes = [...operand.letters].flatMap((letter, axis) => (needed.has(letter) ? [] : [axis]));
  if (axes.length === 0) return operand;
  const letters = [...operand.letters].filter((letter) => needed.has(letter)).join('');
  const { value } = operand;
  if (value.kind === 'constant') {
    return {
      letters,
      value: { ...value, dims: value.dims.filter((_, axis) => !axes.includes(axis)), values: undefined },
    };
  }
  return { letters, value: sumOver(node, value, axes) };
}

/** Combines two operands. Letters of both that nothing else needs are summed over, which makes the combination a product of matrices. */
function pair(
  node: NodeReader,
  leftOperand: Operand,
  rightOperand: Operand,
  needed: ReadonlySet<string>,
  output: string | undefined,
  sizes: ReadonlyMap<string, number>,
): Operand | string {
  // Constant weights must be on the right.
  if (leftOperand.value.kind === 'constant' && rightOperand.value.kind === 'activation') {
    return pair(node, rightOperand, leftOperand, needed, output, sizes);
  }
  const left = summed(node, leftOperand, new Set([...needed, ...rightOperand.letters]));
  if (typeof left === 'string') return left;
  const right = summed(node, rightOperand, new Set([...needed, ...left.letters]));
  if (typeof right === 'string') return right;
  const isIn = (operand: Operand, letter: string) => operand.letters.includes(letter);
  const letters = [...new Set(left.letters + right.letters)];
  const batch = letters.filter((letter) => isIn(left, letter) && isIn(right, letter) && needed.has(letter));
  const inner = letters.filter((letter) => isIn(left, letter) && isIn(right, letter) && !needed.has(letter));
  const rows = letters.filter((letter) => isIn(left, letter) && !isIn(right, letter));
  const columns = letters.filter((letter) => !isIn(left, letter) && isIn(right, letter));
  const order = [...batch, ...rows, ...columns].join('');
  // If a letter has size 1 in one operand and a larger size in the other, it is broadcast. A product of matrices cannot do this.
  const broadcasts = [left, right].some(({ letters: own, value }) =>
    [...own].some((letter, axis) => value.dims[axis] !== sizes.get(letter)),
  );
  const outcome =
    inner.length === 0
      ? multiplyElements(node, left, right, output ?? order)
      : broadcasts
        ? batchedProduct(node, left, right, { batch, inner, rows, columns })
        : multiply(node, grouped(left, [batch, rows, inner], sizes), grouped(right, [batch, inner, columns], sizes));
  if (typeof outcome === 'string') return outcome;
  const [made] = outcome;
  if (made === undefined) return 'its product makes nothing';
  if (inner.length === 0) return { letters: output ?? order, value: made };
  const dims = [...order].map((letter) => sizes.get(letter) ?? 1);
  if (made.kind === 'constant') return { letters: order, value: { ...made, dims, values: undefined } };
  return { letters: order, value: { ...made, dims, batchAxis: dims[0] === 1 && dims.length > 0 ? 0 : -1, spatial: 0 } };
}

interface Roles {
  readonly batch: readonly string[];
  readonly inner: readonly string[];
  readonly rows: readonly string[];
  readonly columns: readonly string[];
}

/** The product if an axis of one operand is broadcast. The batch axes stay separate, so that matmul broadcasts them. */
function batchedProduct(node: NodeReader, left: Operand, right: Operand, roles: Roles): Outcome {
  const { batch, inner, rows, columns } = roles;
  const size = (operand: Operand, letter: string) => operand.value.dims[operand.letters.indexOf(letter)] ?? 1;
  const of = (operand: Operand, part: readonly string[]) => product(part.map((letter) => size(operand, letter)));
  if (of(left, inner) !== of(right, inner))
    return 'it sums over an axis that one of its inputs broadcasts, which is not supported';
  const turned = (operand: Operand, outer: readonly string[], last: readonly string[]): Value => {
    const dims = [...batch.map((letter) => size(operand, letter)), of(operand, outer), of(operand, last)];
    return inOrder(operand, [...batch, ...outer, ...last].join(''), dims);
  };
  return multiply(node, turned(left, rows, inner), turned(right, inner, columns));
}

/** Without a letter to sum over, the product is element by element, with broadcasting. */
function multiplyElements(node: NodeReader, left: Operand, right: Operand, order: string): Outcome {
  const aligned = (operand: Operand): Value => {
    const dims = [...order].map((letter) => {
      const axis = operand.letters.indexOf(letter);
      return axis < 0 ? 1 : (operand.value.dims[axis] ?? 1);
    });
    return inOrder(operand, order, dims);
  };
  return combine(node, [aligned(left), aligned(right)], 'multiply');
}

/** The operand with its letters in `order`, viewed with the dimensions `dims`. */
function inOrder(operand: Operand, order: string, dims: readonly number[]): Value {
  const { value, letters } = operand;
  if (value.kind === 'constant') return { ...value, dims, values: undefined };
  const wide = (letter: string) => (value.dims[letters.indexOf(letter)] ?? 1) !== 1;
  const own = [...letters].filter(wide).join('');
  const wanted = [...order].filter((letter) => letters.includes(letter) && wide(letter)).join('');
  const plain = withSpatial(value, 0);
  return { ...plain, dims, batchAxis: dims[0] === 1 && dims.length > 1 ? 0 : -1, moved: plain.moved || own !== wanted };
}

/** The operand as batch x rows x columns. Each of the three is the product of several letters. */
function grouped(operand: Operand, parts: readonly (readonly string[])[], sizes: ReadonlyMap<string, number>): Value {
  const dims = parts.map((part) => product(part.map((letter) => sizes.get(letter) ?? 1)));
  if (operand.value.kind === 'constant') {
    return { ...operand.value, dims: dims[0] === 1 ? dims.slice(1) : dims, values: undefined };
  }
  return inOrder(operand, parts.flat().join(''), dims);
}

/** The result in the order of letters that the equation states. */
function arranged(made: Operand, output: string, sizes: ReadonlyMap<string, number>): Value {
  const dims = [...output].map((letter) => sizes.get(letter) ?? 1);
  const value = inOrder(made, output, dims);
  if (value.kind === 'constant') return value;
  const batch: Activation['batchAxis'] = dims[0] === 1 ? 0 : -1;
  return { ...value, batchAxis: batch };
}

export const einsumReaders: Readonly<Record<string, OperatorReader>> = { Einsum: einsum };
