import { type MessageRegistry, message, words } from '../../design/index.ts';
import { allOf, chain, didYouMean } from './wording.ts';

/** Networks: models, their layers, labels, and blocks of layers with parameters. */
export const layerMessages = {
  modelWithTwoSources: message(
    'duplicate-block',
    ({ name }: { name: string }) => `'${name}' has its layers from a file; it cannot have 'layers' too`,
  ),
  missingFileName: message(
    'unexpected-value',
    ({ example }: { example: string }) => `expected a file name between quotes after 'from', such as "${example}"`,
  ),
  missingInput: message(
    'missing-property',
    ({ example }: { example: string }) => `'model' needs 'input', such as '${example}'`,
  ),
  modelWithoutLayers: message(
    'missing-block',
    ({ name }: { name: string }) => `model '${name}' has no layers: expected 'layers { ... }', or 'from "file.onnx"'`,
  ),
  assumeWithoutFile: message(
    'misplaced-item',
    `'assume' is for networks that are read from a file: write 'from "file.onnx"' before the block, or remove 'assume'`,
  ),
  notOneOwner: message('unexpected-value', "'weights' takes the label of one earlier layer"),
  otherWeights: message(
    'shape-mismatch',
    (p: { keyword: string; own: number; owner: string; theirs: number }) =>
      `'${p.keyword}' has ${p.own} weights and cannot share those of '${p.owner}', which has ${p.theirs || 'none'}`,
  ),
  tooManyLayers: message(
    'too-many-layers',
    ({ most }: { most: number }) => `this network has more than ${most} layers; is something repeated too often?`,
  ),
  unknownLayer: message(
    'unknown-layer',
    ({ keyword, close }: { keyword: string; close: string | undefined }) =>
      `there is no layer or block '${keyword}'${didYouMean(close)}`,
  ),
  misplacedStructure: message(
    'misplaced-item',
    ({ keyword, owner }: { keyword: string; owner: string }) => `'${keyword}' stands inside '${owner}'`,
  ),
  missingCount: message('missing-value', "expected how often after 'repeat', such as 'repeat 3 { ... }'"),
  wrongCount: message('out-of-range', "'repeat' takes a whole number from 1"),
  secondShortcut: message('duplicate-block', "'shortcut' stands twice in one 'residual'"),
  residualShapes: message(
    'shape-mismatch',
    (p: { main: string; around: string; hasShortcut: boolean }) =>
      `'residual' adds ${p.main} to ${p.hasShortcut ? "what 'shortcut' makes" : 'what comes in'}, ${p.around}${
        p.hasShortcut ? '' : "; add a 'shortcut { ... }' that makes the shapes equal"
      }`,
  ),
  notABranch: message('misplaced-item', "'parallel' holds 'branch { ... }' blocks only"),
  noBranches: message('missing-block', "'parallel' needs 'branch { ... }' blocks"),
  blockCycle: message(
    'block-cycle',
    ({ name, names }: { name: string; names: readonly string[] }) => `'${name}' uses itself: ${chain(names)}`,
  ),
  unknownParameter: message(
    'unknown-parameter',
    (p: { block: string; name: string; close: string | undefined }) =>
      `block '${p.block}' has no parameter '${p.name}'${didYouMean(p.close)}`,
  ),
  tooManyParameters: message(
    'too-many-arguments',
    ({ block, most }: { block: string; most: number }) =>
      `block '${block}' takes ${most === 1 ? 'one parameter' : `${most} parameters`}`,
  ),
  notAParameter: message(
    'misplaced-item',
    ({ block }: { block: string }) => `expected a parameter of block '${block}' here`,
  ),
  missingParameters: message(
    'missing-argument',
    ({ block, names }: { block: string; names: readonly string[] }) => `block '${block}' needs ${allOf(names)}`,
  ),
  separatorAfterLayer: message(
    'missing-separator',
    ({ keyword }: { keyword: string }) => `expected ',' or a new line after '${keyword}'`,
  ),
  separatorBeforeLabel: message('missing-separator', "expected ',' or a new line before a label"),
  clauseOfLayer: message('unknown-clause', ({ clause }: { clause: string }) => `a layer takes no '${clause}'`),
  labelWithoutLayer: message('unexpected-value', 'expected a layer after the label, such as conv { ... }'),
  notALayer: message('misplaced-item', 'expected a layer here'),
  inputAsLabel: message('duplicate-label', "'input' is what comes in; give the layer another label"),
  duplicateLabel: message('duplicate-label', ({ label }: { label: string }) => `the label '${label}' is used twice`),
  notALabel: message('unexpected-value', 'expected the label of a layer here'),
  unknownLabel: message(
    'unknown-label',
    ({ label, close }: { label: string; close: string | undefined }) =>
      `no layer before this one has the label '${label}'${didYouMean(close)}`,
  ),
} satisfies MessageRegistry;

/** Related places. */
export const layerNotes = {
  declaredHere: words(() => 'declared here'),
  firstUsedHere: words(() => 'first used here'),
} as const;
