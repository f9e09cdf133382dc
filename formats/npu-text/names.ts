/** Words that mean something of their own where a label stands: what the layers and what arranges them are called. */
const reserved: ReadonlySet<string> = new Set(
  [
    'input inputs layers repeat residual shortcut parallel branch block conv depthwise dense matmul attention lstm gru rnn embedding',
    'maxpool avgpool globalpool batchnorm layernorm groupnorm rmsnorm lrn softmax relu sigmoid tanh gelu silu exp sqrt erf clip',
    'relu6 leaky-relu hard-swish add subtract multiply divide max min pow elementwise activation concat flatten reshape transpose shuffle slice expand upsample',
  ].flatMap((line) => line.split(' ')),
);

/**
 * Labels of the language for foreign names ("gpu_0/conv1:0"): letters, digits and underscores, a letter first, each given once.
 */
export function labelsFor(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const plain = name.replaceAll(/[^\p{L}0-9_]+/gu, '_').replaceAll(/^_+|_+$/g, '');
    const base = /^[\p{L}_]/u.test(plain) ? plain : `layer_${plain}`.replace(/_$/, '');
    let label = base;
    for (let number = reserved.has(base) ? 1 : 2; taken.has(label) || reserved.has(label); number++)
      label = `${base}_${number}`;
    taken.add(label);
    return label;
  });
}
