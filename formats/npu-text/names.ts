/**
 * Words that have another meaning in the place of a label or a name: kinds of layers, words that arrange layers, and words that begin a
 * clause.
 */
const reserved: ReadonlySet<string> = new Set(
  [
    'input inputs layers repeat residual shortcut parallel branch block conv depthwise dense matmul attention lstm gru rnn embedding',
    'maxpool avgpool globalpool batchnorm layernorm groupnorm rmsnorm lrn softmax relu sigmoid tanh gelu silu exp sqrt erf clip',
    'extends from as in by',
    'relu6 leaky-relu hard-swish add subtract multiply divide max min pow elementwise activation concat flatten reshape transpose shuffle slice expand upsample',
  ].flatMap((line) => line.split(' ')),
);

/**
 * Labels of the language for foreign names such as "gpu_0/conv1:0". A label has letters, digits and underscores, and starts with a letter.
 * All labels are different.
 */
export function labelsFor(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  /** For each name: the last number that was used. A file can have any number of names that differ only in punctuation. */
  const last = new Map<string, number>();
  return names.map((name) => {
    const plain = trimmed(name.replaceAll(/[^\p{L}0-9_]+/gu, '_'));
    const base = /^[\p{L}_]/u.test(plain) ? plain : `layer_${plain}`.replace(/_$/, '');
    const free = (label: string) => !taken.has(label) && !reserved.has(label);
    let label = base;
    let number = last.get(base) ?? (reserved.has(base) ? 0 : 1);
    while (!free(label)) label = `${base}_${++number}`;
    last.set(base, number);
    taken.add(label);
    return label;
  });
}

/** Removes underscores at both ends. A regular expression would take quadratic time on a long row of them. */
function trimmed(name: string): string {
  let start = 0;
  let end = name.length;
  while (start < end && name.charAt(start) === '_') start++;
  while (end > start && name.charAt(end - 1) === '_') end--;
  return name.slice(start, end);
}
