import type { Activation, Conv, Layer, Model, Npu, Operation, Pair, Shape } from '../../../design/index.ts';

/** Models and chips for tests of the hardware room, built without the language. */
const origin = { uri: 'test:', start: 0, end: 0 };

/** TPUv4i's published figures (Jouppi et al., ISCA 2021) with Stimpack's burst mode; scratchpad bandwidths are placeholders of this test. */
export const stimpack: Npu = {
  name: 'Stimpack',
  origin,
  clockHertz: 1.05e9,
  array: { rows: 128, columns: 128, count: 4, dataflow: 'weight-stationary', preload: 'hidden' },
  vectorUnit: { operationsPerCycle: 2048 },
  vmem: { capacityBytes: 16 * 2 ** 20, bandwidthBytesPerSecond: 13.5e12 },
  cmem: { capacityBytes: 128 * 2 ** 20, bandwidthBytesPerSecond: 2.4e12 },
  offChip: 'HBM',
  hbm: { capacityBytes: 8e9, bandwidthBytesPerSecond: 614e9 },
  base: { precision: 'bf16', packing: 'none' },
  burst: { precision: 'int8', packing: 'reduction' },
  quantizer: { source: 'on-chip', elementsPerCycle: 128 },
  switchLatencySeconds: 1e-6,
  dispatch: { latencySeconds: 0, perOperatorSeconds: 0 },
  host: null,
  residency: 'pinned',
  energy: null,
};

export const plainTpu: Npu = { ...stimpack, name: 'TPUv4i', burst: null };

/** Chains layers. `add` returns the index of the new layer, which reads the one before unless `inputs` names others. */
export class ModelBuilder {
  readonly layers: Layer[] = [];
  readonly name: string;
  readonly inputShape: Shape;
  readonly quantization: Model['quantization'];

  constructor(name: string, inputShape: Shape, quantization: Model['quantization'] = 'static') {
    this.name = name;
    this.inputShape = inputShape;
    this.quantization = quantization;
  }

  shapeOf(index: number): Shape {
    return index < 0 ? this.inputShape : (this.layers[index]?.outputShape ?? []);
  }

  add(operation: Operation, outputShape: Shape, inputs: readonly number[] = [this.layers.length - 1], name?: string) {
    this.layers.push({
      name: name ?? `${operation.kind}${this.layers.length}`,
      operation,
      inputs,
      inputShapes: inputs.map((input) => this.shapeOf(input)),
      outputShape,
      origin,
    });
    return this.layers.length - 1;
  }

  conv(
    filters: number,
    kernel: number,
    options: {
      stride?: number;
      padding?: number;
      groups?: number;
      bias?: boolean;
      dilation?: number;
      input?: number;
      name?: string;
    } = {},
  ): number {
    const { stride = 1, padding = (kernel - 1) / 2, groups = 1, bias = true, dilation = 1 } = options;
    const input = options.input ?? this.layers.length - 1;
    const [height = 1, width = 1] = this.shapeOf(input);
    const operation: Conv = {
      kind: 'conv',
      kernel: both(kernel),
      stride: both(stride),
      padding: { top: padding, bottom: padding, left: padding, right: padding },
      dilation: both(dilation),
      filters,
      groups,
      bias,
    };
    const out = (size: number) => Math.floor((size + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1;
    return this.add(operation, [out(height), out(width), filters], [input], options.name);
  }

  relu(input = this.layers.length - 1): number {
    const operation: Activation = { kind: 'activation', function: 'relu' };
    return this.add(operation, this.shapeOf(input), [input]);
  }

  plus(a: number, b: number): number {
    return this.add({ kind: 'elementwise', operation: 'add' }, this.shapeOf(a), [a, b]);
  }

  pool(operation: 'max' | 'average', kernel: number, stride: number, padding = 0): number {
    const [height = 1, width = 1, channels = 1] = this.shapeOf(this.layers.length - 1);
    const out = (size: number) => Math.floor((size + 2 * padding - kernel) / stride) + 1;
    return this.add(
      {
        kind: 'pool',
        operation,
        kernel: both(kernel),
        stride: both(stride),
        padding: { top: padding, bottom: padding, left: padding, right: padding },
      },
      [out(height), out(width), channels],
    );
  }

  dense(outputs: number, options: { input?: number; bias?: boolean } = {}): number {
    const input = options.input ?? this.layers.length - 1;
    const shape = this.shapeOf(input);
    return this.add({ kind: 'dense', outputs, bias: options.bias ?? true }, [...shape.slice(0, -1), outputs], [input]);
  }

  build(): Model {
    return {
      name: this.name,
      origin,
      inputShape: this.inputShape,
      layers: this.layers,
      quantization: this.quantization,
      accuracy: null,
    };
  }
}

function both(value: number): Pair {
  return { height: value, width: value };
}

/** ResNet-50 v1.5 (stride in the 3 x 3 convolutions), batch normalization folded into biases. */
export function resnet50(): Model {
  const net = new ModelBuilder('ResNet50', [224, 224, 3]);
  net.conv(64, 7, { stride: 2, padding: 3, input: -1, name: 'conv1' });
  net.relu();
  net.pool('max', 3, 2, 1);
  for (const [stage, blocks] of [3, 4, 6, 3].entries()) {
    const width = 64 * 2 ** stage;
    for (let block = 0; block < blocks; block++) {
      const input = net.layers.length - 1;
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const at = `conv${stage + 2}_${block + 1}`;
      net.conv(width, 1, { name: `${at}_a` });
      net.relu();
      net.conv(width, 3, { stride, name: `${at}_b` });
      net.relu();
      const main = net.conv(4 * width, 1, { name: `${at}_c` });
      const shortcut = block === 0 ? net.conv(4 * width, 1, { stride, padding: 0, input, name: `${at}_down` }) : input;
      net.plus(main, shortcut);
      net.relu();
    }
  }
  net.pool('average', 7, 7);
  net.add({ kind: 'reshape', copies: false }, [2048]);
  net.dense(1000);
  return net.build();
}

/** BERT-large's encoder: 24 blocks of 1024 features, 16 heads, over `steps` tokens, with its word embedding. */
export function bertLarge(steps = 384): Model {
  const net = new ModelBuilder('BERT', [steps]);
  net.add({ kind: 'embedding', rows: 30522, width: 1024, lookups: steps, pooled: false }, [steps, 1024], [-1]);
  const norm = () => net.add({ kind: 'normalization', normalization: 'layer', folded: false }, [steps, 1024]);
  norm();
  for (let block = 0; block < 24; block++) {
    const input = net.layers.length - 1;
    const attention = net.add(
      {
        kind: 'attention',
        heads: 16,
        keyValueHeads: 16,
        headSize: 64,
        contextLength: steps,
        causal: false,
        bias: true,
      },
      [steps, 1024],
    );
    net.plus(input, attention);
    const middle = norm();
    net.dense(4096);
    net.add({ kind: 'activation', function: 'gelu' }, [steps, 4096]);
    const down = net.dense(1024);
    net.plus(middle, down);
    norm();
  }
  return net.build();
}
