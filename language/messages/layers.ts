import { type MessageRegistry, message, words } from '../../design/index.ts';
import { allOf, chain, didYouMean } from './wording.ts';

/** Networks: models, their layers, labels, and blocks of layers with parameters. */
export const layerMessages = {
  modelWithTwoSources: message(
    'duplicate-block',
    ({ name }: { name: string }) =>
      `Model '${name}' reads its layers from a file, so it cannot have 'layers' too. Remove one of the two.`,
  ),
  missingFileName: message(
    'unexpected-value',
    ({ example }: { example: string }) => `Expected a file name in double quotes after 'from', such as "${example}".`,
  ),
  missingInput: message(
    'missing-property',
    ({ example }: { example: string }) => `'model' needs 'input', such as '${example}'.`,
  ),
  modelWithoutLayers: message(
    'missing-block',
    ({ name }: { name: string }) =>
      `Model '${name}' has no layers. Add 'layers { ... }', or read them from a file with 'from "file.onnx"'.`,
  ),
  assumeWithoutFile: message(
    'misplaced-item',
    `'assume' is only for networks that are read from a file. Write 'from "file.onnx"' before the block, or remove 'assume'.`,
  ),
  notOneOwner: message('unexpected-value', "'weights' needs the label of one earlier layer."),
  otherWeights: message(
    'shape-mismatch',
    (p: { keyword: string; own: number; owner: string; theirs: number }) =>
      `'${p.keyword}' has ${p.own} weights, but '${p.owner}' has ${p.theirs || 'none'}. Layers that share weights must have the same number of weights.`,
  ),
  tooManyLayers: message(
    'too-many-layers',
    ({ most }: { most: number }) =>
      `This network has more than ${most} layers. Check the counts of 'repeat', or make the network smaller.`,
  ),
  unknownLayer: message(
    'unknown-layer',
    ({ keyword, close }: { keyword: string; close: string | undefined }) =>
      `There is no layer or block '${keyword}'.${didYouMean(close)}`,
  ),
  misplacedStructure: message(
    'misplaced-item',
    ({ keyword, owner }: { keyword: string; owner: string }) =>
      `'${keyword}' is allowed only directly inside '${owner}'.`,
  ),
  missingCount: message(
    'missing-value',
    "Expected the number of repetitions after 'repeat', such as 'repeat 3 { ... }'.",
  ),
  wrongCount: message('out-of-range', "'repeat' needs a whole number, 1 or greater."),
  secondShortcut: message('duplicate-block', "This 'residual' has two 'shortcut' blocks. Remove one of them."),
  residualShapes: message('shape-mismatch', (p: { main: string; around: string; hasShortcut: boolean }) =>
    p.hasShortcut
      ? `'residual' adds the output of its layers, ${p.main}, to the output of 'shortcut', ${p.around}. Both shapes must be equal.`
      : `'residual' adds the output of its layers, ${p.main}, to its input, ${p.around}. Both shapes must be equal: add a 'shortcut { ... }' that converts the input.`,
  ),
  notABranch: message('misplaced-item', "'parallel' can contain only 'branch { ... }' blocks."),
  noBranches: message('missing-block', "'parallel' needs at least one 'branch { ... }' block."),
  blockCycle: message(
    'block-cycle',
    ({ name, names }: { name: string; names: readonly string[] }) => `Block '${name}' uses itself: ${chain(names)}.`,
  ),
  unknownParameter: message(
    'unknown-parameter',
    (p: { block: string; name: string; close: string | undefined }) =>
      `Block '${p.block}' has no parameter '${p.name}'.${didYouMean(p.close)}`,
  ),
  tooManyParameters: message(
    'too-many-arguments',
    ({ block, most }: { block: string; most: number }) =>
      `Too many values: block '${block}' has ${most === 0 ? 'no parameters' : most === 1 ? 'one parameter' : `${most} parameters`}.`,
  ),
  notAParameter: message(
    'misplaced-item',
    ({ block }: { block: string }) => `Expected a parameter of block '${block}' here.`,
  ),
  missingParameters: message(
    'missing-argument',
    ({ block, names }: { block: string; names: readonly string[] }) => `Block '${block}' needs ${allOf(names)}.`,
  ),
  separatorAfterLayer: message(
    'missing-separator',
    ({ keyword }: { keyword: string }) => `Expected ',' or a new line after '${keyword}'.`,
  ),
  separatorBeforeLabel: message('missing-separator', "Expected ',' or a new line before the label."),
  clauseOfLayer: message(
    'unknown-clause',
    ({ clause }: { clause: string }) => `A layer cannot have '${clause}'. Remove it.`,
  ),
  labelWithoutLayer: message('unexpected-value', 'Expected a layer after the label, such as conv { ... }.'),
  notALayer: message('misplaced-item', 'Expected a layer here.'),
  inputAsLabel: message(
    'duplicate-label',
    "'input' always means the input of the model. Give this layer another label.",
  ),
  duplicateLabel: message(
    'duplicate-label',
    ({ label }: { label: string }) => `Two layers have the label '${label}'. Rename one of them.`,
  ),
  notALabel: message('unexpected-value', 'Expected the label of a layer here.'),
  unknownLabel: message(
    'unknown-label',
    ({ label, close }: { label: string; close: string | undefined }) =>
      `No earlier layer has the label '${label}'.${didYouMean(close)}`,
  ),
} satisfies MessageRegistry;

/** Notes at related places. */
export const layerNotes = {
  declaredHere: words(() => 'The block is declared here.'),
  firstUsedHere: words(() => 'The label is first used here.'),
} as const;
