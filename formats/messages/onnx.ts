import { type MessageRegistry, message, type Words } from '../../design/index.ts';

/** A node as a message shows it: `operator` 'name'. */
type Node = { readonly operator: string; readonly name: string };

/** A dimension of an input that could count requests. */
type Samples = {
  readonly input: string;
  readonly axis: number;
  readonly size: number;
  readonly sample: string;
  readonly whole: string;
};

const wayOfShapes =
  "Infer the file's shapes again (onnx.shape_inference), state the size of its open inputs, or write 'assume { shapes: inferred }' beside 'from' if the stated shapes are stale.";

/**
 * Names of dimensions and nodes come from the file and can contain anything. `reason`: `reasonWords` of the string that a reader returned.
 */
export const onnxMessages = {
  unreadable: message(
    'onnx-unreadable',
    ({ file, reason }: { file: string; reason: Words }) => `Cannot import '${file}': ${reason.text}.`,
  ),
  unsupported: message(
    'onnx-unsupported',
    ({ file, operator, name, reason }: Node & { file: string; reason: Words }) =>
      `Cannot import '${file}': ${operator} '${name}': ${reason.text}.`,
  ),
  unknownInput: message(
    'onnx-input-mismatch',
    ({ file, input, known }: { file: string; input: string; known: Words }) =>
      `Cannot import '${file}': the file has no input '${input}'. ${known.text === '' ? 'It has no inputs' : `Its inputs are ${known.text}`}.`,
  ),
  inputMismatch: message(
    'onnx-input-mismatch',
    (p: { file: string; input: string; stated: string; shape: string; reason: Words }) =>
      `Cannot import '${p.file}': '${p.stated}' does not fit the input '${p.input}' of the file, which is ${p.shape} for each sample: ${p.reason.text}.`,
  ),
  productsUnknown: message(
    'onnx-shape-mismatch',
    ({ file, found }: { file: string; found: Words }) =>
      `Cannot import '${file}': ${found.text}. The multiply-accumulates after it are not known. ${wayOfShapes}`,
    'error',
  ),
  shapesContradict: message(
    'onnx-shape-mismatch',
    ({ found }: { found: Words }) => `The shapes in the file contradict each other: ${found.text}. ${wayOfShapes}`,
  ),
  weightsAmongInputs: message(
    'onnx-approximated',
    (p: { input: string; label: string; shape: string; count: number }) =>
      `The file contains no weights. Operators read ${p.count === 1 ? `its input '${p.input}'` : `${p.count} of its inputs, such as '${p.input}',`} as weights, so they count as weights: stored once, and read once for a batch. To confirm that, write 'assume { inputs: weights }' beside 'from'. If an input has new data in every request, state it: 'inputs { ${p.label}: ${p.shape} }'.`,
  ),
  unusedNodes: message(
    'onnx-note',
    ({ count, operator, name }: Node & { count: number }) =>
      `No output of the graph depends on ${count === 1 ? `the node ${operator} '${name}'` : `${count} nodes, for example ${operator} '${name}'`}. ${count === 1 ? 'It is' : 'They are'} not counted.`,
  ),
  emptyInput: message(
    'onnx-note',
    ({ input, shape }: { input: string; shape: string }) =>
      `The input '${input}' has no elements (${shape}). It is not counted.`,
  ),
  exportedBatch: message(
    'onnx-note',
    ({ input, size }: { input: string; size: number }) =>
      `'${input}' was exported for a batch of ${size}. One request is counted.`,
  ),
  /** `sample`, `whole`: statements such as 'input: 8 x 3 x 224 x 224'. */
  assumedBatch: message(
    'onnx-assumed-dimension',
    (p: Samples) =>
      `${dimensionOf(p)} is counted as a batch, so one request is counted. Write the shape of one sample beside 'from': '${p.sample}', or '${p.whole}' if one request has all of it.`,
  ),
  combinedBatch: message(
    'onnx-assumed-dimension',
    (p: Samples & Node & { isKnown: boolean }) =>
      `${dimensionOf(p)} could be a batch, but ${nodeOf(p)} ${p.isKnown ? 'combines' : 'could combine'} its samples, so one request is counted with all ${p.size}. To confirm that, write the whole shape beside 'from': '${p.whole}'. If it is a batch, write the shape of one sample: '${p.sample}'.`,
  ),
  combinedSample: message(
    'onnx-assumed-dimension',
    (p: Node & { input: string; size: number; whole: string }) =>
      `The shape of one sample is stated for the input '${p.input}', but ${nodeOf(p)} combines all ${p.size} samples, so one request can cost up to ${p.size} times as much. If one request has all of them, write '${p.whole}' beside 'from'. To accept one sample, write 'accept { onnx-assumed-dimension: yes }' in the scenario.`,
  ),
  lostBatch: message(
    'onnx-assumed-dimension',
    (p: Samples & Node) =>
      `${dimensionOf(p)} is counted as a batch, so one request is counted. But ${nodeOf(p)} could combine its samples, and then one request costs up to ${p.size} times as much. Write the shape of one sample beside 'from': '${p.sample}', or '${p.whole}' if one request has all of it.`,
  ),
  /** `symbol`: the name of the dimension in the file, or an empty string. */
  assumedDimension: message(
    'onnx-assumed-dimension',
    (p: { axis: number; input: string; symbol: string; size: number; example: string }) =>
      `Dimension ${p.axis} of the input '${p.input}'${p.symbol === '' ? '' : ` ('${p.symbol}')`} is open in the file. ${p.size} is assumed. State the shape of one sample, such as '${p.example}', beside 'from'.`,
  ),
  unknownOperator: message(
    'onnx-unknown-operator',
    (p: Node & { domain: string; output: string; isStated: boolean }) =>
      `${p.operator} '${p.name}': this operator${ofDomain(p.domain)} is not understood. One vector operation for each element is counted, and an output of ${p.output} (${p.isStated ? 'as the file states' : 'as its first input'}). To accept that, write 'assume { ${p.operator}: elementwise }' beside 'from'.`,
  ),
  unknownConstant: message(
    'onnx-unknown-operator',
    (p: Node & { domain: string; shape: string }) =>
      `${p.operator} '${p.name}'${ofDomain(p.domain)}: its result is constant, and its shape is not known. ${p.shape} is assumed. To accept that, write 'assume { ${p.operator}: free }' beside 'from'.`,
  ),
  approximated: message(
    'onnx-approximated',
    ({ operator, name, reason }: Node & { reason: Words }) =>
      `${operator} '${name}': ${reason.text} To accept that, write 'assume { ${operator}: accepted }' beside 'from'.`,
  ),
  assumedBranch: message(
    'onnx-assumed-branch',
    (p: { name: string; chosen: string; other: string; products: number; otherProducts: number }) =>
      `If '${p.name}' chooses a branch by a value that is computed from the input. The ${p.chosen} branch is counted, with ${p.products} multiply-accumulates. The ${p.other} branch has ${p.otherProducts}, and its parameters are not counted. To choose one yourself, write 'assume { If: then }' or 'assume { If: else }' beside 'from'.`,
  ),
  unusedAssumption: message(
    'onnx-unused-assumption',
    ({ operator }: { operator: string }) =>
      `The assumption for '${operator}' is not used: the file has no such operator, or the importer supports it. Remove it.`,
  ),
  moreWarnings: message(
    'onnx-more-warnings',
    ({ count }: { count: number }) => `${count} more warnings of this kind were left out.`,
  ),
} as const satisfies MessageRegistry;

function ofDomain(domain: string): string {
  return domain === '' ? '' : ` of ${domain}`;
}

function nodeOf({ operator, name }: Node): string {
  return name === '' ? operator : `${operator} '${name}'`;
}

function dimensionOf({ axis, input, size }: Samples): string {
  return `Dimension ${axis} of the input '${input}', ${size},`;
}
