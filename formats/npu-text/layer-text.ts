import {
  type ActivationFunction,
  assertNever,
  elementsOf,
  type Layer,
  type Padding,
  type Pair,
  type Shape,
} from '../../design/index.ts';

export const shapeText = (shape: Shape): string => shape.join(' x ');

/** The keyword of a layer and its properties, without defaults (language/schema). */
export interface LayerText {
  readonly keyword: string;
  readonly properties: readonly string[];
}

function pairText(pair: Pair): string {
  return pair.height === pair.width ? String(pair.height) : `${pair.height} x ${pair.width}`;
}

/** `3 x 3`, even if both sizes are equal, because the language writes windows with two sizes. */
function windowText(pair: Pair): string {
  return `${pair.height} x ${pair.width}`;
}

function paddingProperty(padding: Padding): string[] {
  const { top, bottom, left, right } = padding;
  if (top === 0 && bottom === 0 && left === 0 && right === 0) return [];
  if (top === bottom && left === right) return [`padding: ${pairText({ height: top, width: left })}`];
  return [`padding: [${top}, ${bottom}, ${left}, ${right}]`];
}

function pairProperty(name: string, pair: Pair): string[] {
  return pair.height === 1 && pair.width === 1 ? [] : [`${name}: ${pairText(pair)}`];
}

const noBias = (bias: boolean): string[] => (bias ? [] : ['bias: no']);

const sequential = (operation: { readonly sequential?: boolean }): string[] =>
  operation.sequential === true ? ['sequential: yes'] : [];

/** `factor` if it is a whole number, otherwise the output size. */
function upsampleProperty(factor: Pair, [height = 1, width = 1]: Shape): string {
  const isWhole = [factor.height, factor.width].every((one) => Number.isInteger(one) && one >= 1);
  return isWhole ? `factor: ${pairText(factor)}` : `size: ${height} x ${width}`;
}

const functionWord = (name: ActivationFunction): string => (name === 'other' ? 'activation' : name);

/** The text of `layer` in the language, without its inputs. */
export function layerText(layer: Layer): LayerText {
  const { operation } = layer;
  switch (operation.kind) {
    case 'conv': {
      const channels = layer.inputShapes[0]?.at(-1) ?? 1;
      const window = [
        `kernel: ${windowText(operation.kernel)}`,
        ...pairProperty('stride', operation.stride),
        ...paddingProperty(operation.padding),
        ...pairProperty('dilation', operation.dilation),
      ];
      if (operation.groups === channels && channels > 1) {
        const multiplier = operation.filters / channels;
        const times = multiplier === 1 ? [] : [`multiplier: ${multiplier}`];
        return { keyword: 'depthwise', properties: [...window, ...times, ...noBias(operation.bias)] };
      }
      const groups = operation.groups === 1 ? [] : [`groups: ${operation.groups}`];
      return {
        keyword: 'conv',
        properties: [...window, `filters: ${operation.filters}`, ...groups, ...noBias(operation.bias)],
      };
    }
    case 'dense':
      return {
        keyword: 'dense',
        properties: [`outputs: ${operation.outputs}`, ...noBias(operation.bias), ...sequential(operation)],
      };
    case 'matmul':
      return { keyword: 'matmul', properties: operation.transposed ? ['transposed: yes'] : [] };
    case 'attention':
      return {
        keyword: 'attention',
        properties: [
          `heads: ${operation.heads}`,
          `key-value-heads: ${operation.keyValueHeads}`,
          `head-size: ${operation.headSize}`,
          ...(operation.cache === true
            ? ['cache: yes']
            : [`context: ${operation.contextLength}`, ...(operation.causal ? ['causal: yes'] : [])]),
          ...(operation.window === undefined ? [] : [`window: ${operation.window}`]),
          ...(operation.rotary === true ? ['rotary: yes'] : []),
          ...(operation.queryKeyNorm === true ? ['query-key-norm: yes'] : []),
          ...(operation.bias === 'qkv' ? ['bias: qkv'] : noBias(operation.bias)),
        ],
      };
    case 'feed-forward':
      return {
        keyword: 'feed-forward',
        properties: [
          `width: ${operation.width}`,
          ...(operation.gated ? [] : ['gated: no']),
          ...(operation.function === 'silu' ? [] : [`function: ${functionWord(operation.function)}`]),
          ...(operation.experts === 1 ? [] : [`experts: ${operation.experts}`, `active: ${operation.active}`]),
          ...(operation.bias ? ['bias: yes'] : []),
        ],
      };
    case 'recurrent': {
      const directions = operation.directions === 1 ? [] : [`directions: ${operation.directions}`];
      return {
        keyword: operation.cell,
        properties: [`hidden: ${operation.hidden}`, ...directions, ...noBias(operation.bias), ...sequential(operation)],
      };
    }
    case 'embedding':
      return {
        keyword: 'embedding',
        properties: [
          `rows: ${operation.rows}`,
          `width: ${operation.width}`,
          `lookups: ${operation.lookups}`,
          ...(operation.pooled ? ['pooled: yes'] : []),
        ],
      };
    case 'pool':
      return {
        keyword: operation.operation === 'max' ? 'maxpool' : 'avgpool',
        properties: [
          `kernel: ${windowText(operation.kernel)}`,
          ...pairProperty('stride', operation.stride),
          ...paddingProperty(operation.padding),
        ],
      };
    case 'normalization': {
      const keywords = {
        batch: 'batchnorm',
        layer: 'layernorm',
        group: 'groupnorm',
        rms: 'rmsnorm',
        'local-response': 'lrn',
      } as const;
      const unfolded = operation.normalization === 'batch' && !operation.folded ? ['folded: no'] : [];
      return { keyword: keywords[operation.normalization], properties: unfolded };
    }
    case 'softmax':
      return { keyword: 'softmax', properties: [] };
    case 'activation':
      return { keyword: functionWord(operation.function), properties: [] };
    case 'elementwise':
      return { keyword: operation.operation === 'other' ? 'elementwise' : operation.operation, properties: [] };
    case 'concat':
      return { keyword: 'concat', properties: operation.axis === -1 ? [] : [`axis: ${operation.axis}`] };
    case 'reshape': {
      if (operation.lastToken === true) return { keyword: 'last-token', properties: [] };
      const before = elementsOf(layer.inputShapes[0] ?? []);
      const after = elementsOf(layer.outputShape);
      const keyword = after === before ? 'reshape' : after < before ? 'slice' : 'expand';
      const copies = operation.copies ? ['copies: yes'] : [];
      return { keyword, properties: [`shape: ${shapeText(layer.outputShape)}`, ...copies] };
    }
    case 'upsample':
      return { keyword: 'upsample', properties: [upsampleProperty(operation.factor, layer.outputShape)] };
    default:
      return assertNever(operation);
  }
}
