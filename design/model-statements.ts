import type { Origin } from './origin.ts';

/**
 * The cost of an operator that the importer does not support.
 * `elementwise`: one vector operation for each output element. `copy`: its elements move, but nothing is computed.
 * `free`: it costs nothing, like an operator that only renames its input.
 * `then`, `else`: the branch of If that runs. `accepted`: the importer's own estimate of an operator whose cost depends on the data.
 * `once`: one round of a Loop whose number of rounds depends on the data.
 * `inferred`: for `shapes`, the shapes that the file states are stale, and the shapes inferred from its operators are correct.
 * `weights`: for `inputs`, the inputs of the graph that operators read as weights are weights, as in a file that was exported without them.
 */
export type AssumedOperator =
  | 'elementwise'
  | 'copy'
  | 'free'
  | 'then'
  | 'else'
  | 'accepted'
  | 'once'
  | 'inferred'
  | 'weights';

/** A statement by the user about all operators of one type: `assume { Foo: elementwise }`. */
export interface OperatorAssumption {
  /** The operator's type in the file, such as "Foo". */
  readonly operator: string;
  readonly countedAs: AssumedOperator;
  readonly origin: Origin;
}

/** The shape of one sample of an input: `input: 640 x 640 x 3`, or `inputs { mask: 64 x 64 }`. */
export interface StatedInput {
  /** undefined for the first input, which may have any name. */
  readonly name: string | undefined;
  /** A `Shape`: without the batch, channels last. For an ONNX file, also all dimensions of the file in its order. */
  readonly shape: readonly number[];
  readonly origin: Origin;
}

/** The user's statements about a network that is read from a file: facts that the file does not contain. */
export interface ModelStatements {
  readonly inputs: readonly StatedInput[];
  readonly assumptions: readonly OperatorAssumption[];
}

export const noStatements: ModelStatements = { inputs: [], assumptions: [] };

/** An assumption that a network uses, with the number of nodes that it covers. The result shows it. */
export interface UsedAssumption extends OperatorAssumption {
  readonly nodes: number;
}

/** "3 Foo operators are counted as elementwise". All reports use this sentence. */
export function assumptionText({ operator, countedAs, nodes }: UsedAssumption): string {
  if (countedAs === 'inferred')
    return `${nodes === 1 ? '1 shape that the file states is' : `${nodes} shapes that the file states are`} ignored`;
  if (countedAs === 'weights')
    return nodes === 1
      ? '1 input of the graph is counted as weights'
      : `${nodes} inputs of the graph are counted as weights`;
  return `${nodes} ${operator} ${nodes === 1 ? 'operator is' : 'operators are'} counted as ${countedAs}`;
}
