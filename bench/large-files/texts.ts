/** One construct of the language, repeated until the text has the size: valid where the language allows so many. */
export interface LargeText {
  readonly name: string;
  readonly text: (characters: number) => string;
}

const chip = `npu C {
  clock: 1 GHz, array { rows: 32, columns: 32 }, vector { rate: 256 operations/cycle }
  VMEM { capacity: 2 MiB, bandwidth: 2 TB/s }, HBM { capacity: 4 GB, bandwidth: 100 GB/s }
  mode base { precision: bf16 }
}
`;
const network = 'model M { input: 64, layers { dense { outputs: 64 } } }\n';
const serve = 'serve M { arrivals: poisson(10 rps), slo { p99 latency <= 10 ms } }';
const scenario = `scenario S { npu: C, ${serve} }\n`;
const base = `${chip}${network}${scenario}`;

/** `unit(0)`, `unit(1)` and so on between two texts, up to the size. */
const repeated =
  (before: string, unit: (place: number) => string, after = '') =>
  (characters: number): string => {
    const parts = [before];
    let length = before.length + after.length;
    for (let place = 0; ; place++) {
      const part = unit(place);
      if (length + part.length > characters) break;
      parts.push(part);
      length += part.length;
    }
    return [...parts, after].join('');
  };
/** As many characters as fit between two texts. */
const filled =
  (before: string, unit: string, after: string) =>
  (characters: number): string =>
    before + unit.repeat(Math.max(0, Math.floor((characters - before.length - after.length) / unit.length))) + after;
/** `open`, as often as `close` fits too. */
const nested =
  (before: string, open: string, middle: string, close: string, after = '') =>
  (characters: number): string => {
    const levels = Math.floor(
      (characters - before.length - after.length - middle.length) / (open.length + close.length),
    );
    return before + open.repeat(levels) + middle + close.repeat(levels) + after;
  };

const inLayers = (unit: (place: number) => string): ((characters: number) => string) =>
  repeated(`${chip}${scenario}model M { input: 64, layers {\n`, unit, '} }\n');
const inScenario = (unit: (place: number) => string, rest = serve): ((characters: number) => string) =>
  repeated(`${chip}${network}scenario S { npu: C, ${rest}\n`, unit, '}\n');
const inServe = (
  unit: (place: number) => string,
  before = 'arrivals: poisson(10 rps)',
): ((characters: number) => string) =>
  repeated(`${chip}${network}scenario S { npu: C, serve M { ${before}\n`, unit, '} }\n');
const inChip = (unit: (place: number) => string): ((characters: number) => string) =>
  repeated(`${base}npu D extends C {\n`, unit, '}\n');
const inExplore = (unit: (place: number) => string): ((characters: number) => string) =>
  repeated(`${base}explore E { scenario: S\n`, unit, 'minimize p99 latency }\n');
const inModel = (unit: (place: number) => string): ((characters: number) => string) =>
  repeated(`${base}model N { input: 64, layers { relu }\n`, unit, '}\n');

const table: Readonly<Record<string, (characters: number) => string>> = {
  nothing: () => base,
  // Values
  lets: repeated(base, (i) => `let v${i} = ${i} ms\n`),
  'lets in a chain': repeated(`${base}let v0 = 1 ms\n`, (i) => `let v${i + 1} = v${i} + 1 ms\n`),
  'lets in a reversed chain': repeated(base, (i) => `let v${i} = v${i + 1} + 1 ms\n`, 'let vEnd = 1\n'),
  'lets of one name': repeated(base, () => 'let v = 1 ms\n'),
  'lets that double': repeated(`${base}let v0 = 1\n`, (i) => `let v${i + 1} = v${i} + v${i}\n`),
  'lets in a circle': repeated(`${base}let v0 = v1\nlet v1 = v0\n`, (i) => `let w${i} = v0\n`),
  'a long sum': repeated(`${base}let v = 1`, () => ' + 1', '\n'),
  'a long product of units': repeated(`${base}let v = 1`, () => ' * 1 ms', '\n'),
  'a sum of names': repeated(`${base}let a = 1\nlet v = 1`, () => ' + a', '\n'),
  'nested parentheses': nested(`${base}let v = `, '(', '1', ')', '\n'),
  'open parentheses': filled(`${base}let v = `, '(', '\n'),
  'closing parentheses': filled(`${base}let v = 1`, ')', '\n'),
  'open braces': filled(base, '{', '\n'),
  'closing braces': filled(base, '}', '\n'),
  'open brackets': filled(`${base}let v = `, '[', '\n'),
  'nested brackets': nested(`${base}let v = `, '[', '1', ']', '\n'),
  minuses: filled(`${base}let v = `, '- ', '1\n'),
  'nested calls': nested(`${base}let v = `, 'min(', '1', ')', '\n'),
  'a long list': repeated(`${base}let v = [`, (i) => `${i}, `, '1]\n'),
  'a long number': filled(`${base}let v = `, '9', '\n'),
  'a long fraction': filled(`${base}let v = 0.`, '3', '\n'),
  'a long text': filled(`${base}model N { input: 64, layers { relu }, accuracy { metric: "`, 'x', '" } }\n'),
  'an open text': filled(`${base}let v = "`, 'x', '\n'),
  'lines that open a text': repeated(base, () => '"\n'),
  'escapes in a text': filled(`${base}model N { input: 64, layers { relu }, accuracy { metric: "`, '\\"', '" } }\n'),
  // Text
  'one long name': filled(`${base}let `, 'x', ' = 1\n'),
  'long names': repeated(base, (i) => `let ${'x'.repeat(990)}${i} = 1\n`),
  'long unknown names': repeated(base, (i) => `let v${i} = ${'x'.repeat(990)}${i}\n`),
  'similar unknown names': repeated(base, (i) => `let value${i} = valeu${i}\n`),
  'a comment': filled(`${base}// `, 'x', '\n'),
  comments: repeated(base, () => '// x\n'),
  'block comments': repeated(base, () => '/* x */\n'),
  'nested block comments': filled(base, '/* ', '\n'),
  'an open block comment': filled(`${base}/*`, 'x', '\n'),
  'comments on one line': filled(base, '/**/', '\n'),
  'doc comments': repeated(base, () => '/// x\n', 'let v = 1\n'),
  'doc comments of values': repeated(base, (i) => `/// x\nlet v${i} = 1\n`),
  'comments in a block': inScenario(() => '// x\n'),
  'comments after entries': inScenario(() => 'seed: 1 // x\n'),
  'empty lines': filled(base, '\n', '\n'),
  'carriage returns': filled(base, '\r', '\n'),
  spaces: filled(base, ' ', '\n'),
  'spaces before entries': repeated(base, (i) => `${' '.repeat(500)}let v${i} = 1\n`),
  commas: filled(base, ',', '\n'),
  colons: filled(base, ':', '\n'),
  slashes: filled(`${base}let v = 1`, ' /', ' 1\n'),
  dots: filled(`${base}let v = 1`, '.', '\n'),
  'control characters': filled(base, '\u0001', '\n'),
  surrogates: filled(base, '\ud800', '\n'),
  emoji: filled(base, '\u{1f600}', '\n'),
  'combining characters': filled(`${base}// `, '\u0301', '\n'),
  'right to left': filled(`${base}// `, '\u202e', '\n'),
  'unknown words': repeated(base, (i) => `word${i}\n`),
  'words on one line': filled(base, 'word ', '\n'),
  'unknown blocks': repeated(base, (i) => `thing T${i} { }\n`),
  'one line': repeated(base.replaceAll('\n', ' '), (i) => `let v${i} = ${i} `),
  // Files
  imports: repeated('', (i) => `import "./missing${i}.npu"\n`, base),
  'imports of one file': repeated('', () => 'import "stimpack/tpuv4i"\n', base),
  'imports of one missing file': repeated('', () => 'import "./missing.npu"\n', base),
  'a long import': filled('import "./', 'x', `.npu"\n${base}`),
  'a deep import': filled('import "./', 'x/', `x.npu"\n${base}`),
  'deep imports': repeated('', (i) => `import "./${'x/'.repeat(1900)}${i}.npu"\n`, base),
  // Chips
  chips: repeated(base, (i) => `npu D${i} extends C { }\n`),
  'whole chips': repeated(base, (i) => chip.replace('npu C', `npu D${i}`)),
  'chips in a chain': repeated(`${base}npu D0 extends C { }\n`, (i) => `npu D${i + 1} extends D${i} { }\n`),
  'chips in a reversed chain': repeated(base, (i) => `npu D${i} extends D${i + 1} { }\n`, 'npu DEnd extends C { }\n'),
  'chips of one name': repeated(base, () => 'npu D extends C { }\n'),
  'chips that extend themselves': repeated(base, (i) => `npu D${i} extends D${i} { }\n`),
  'factors in a chain': repeated(
    `${base}npu D0 extends C { }\n`,
    (i) => `npu D${i + 1} extends D${i} { HBM { bandwidth: 0.9 x } }\n`,
  ),
  'arrays of a chip': inChip((i) => `array A${i} { rows: 32, columns: 32 }\n`),
  'arrays of one name': inChip(() => 'array A { rows: 32, columns: 32 }\n'),
  tiles: inChip((i) => `tiles t${i} { rows: 256, reduction: 512, outputs: 128 }\n`),
  'tiles of one name': inChip(() => 'tiles t { share: 50 % }\n'),
  modes: inChip(() => 'mode base { precision: bf16 }\n'),
  clocks: inChip(() => 'clock: 1 GHz\n'),
  'unknown properties': inChip((i) => `word${i}: 1\n`),
  'VMEM blocks': inChip(() => 'VMEM { capacity: 1 MiB }\n'),
  'mac energies': inChip(() => 'energy { mac { bf16: 1 pJ } }\n'),
  'nested blocks in a chip': nested(`${base}npu D extends C `, '{ VMEM ', '{ }', ' }', '\n'),
  // Networks
  models: repeated(base, (i) => `model N${i} { input: 64, layers { relu } }\n`),
  'models of one name': repeated(base, () => 'model N { input: 64, layers { relu } }\n'),
  'models from one missing file': repeated(base, (i) => `model N${i} from "net.onnx"\n`),
  layers: inLayers(() => 'relu\n'),
  'dense layers': inLayers(() => 'dense { outputs: 64 }\n'),
  'labelled layers': inLayers((i) => `l${i}: relu\n`),
  'layers of one label': inLayers(() => 'l: relu\n'),
  'layers that read the last': inLayers((i) => (i === 0 ? 'l0: relu\n' : `l${i}: relu { inputs: [l${i - 1}] }\n`)),
  'layers that read the first': inLayers((i) => (i === 0 ? 'l0: relu\n' : `l${i}: relu { inputs: [l0] }\n`)),
  'layers that read unknown ones': inLayers((i) => `l${i}: relu { inputs: [k${i}] }\n`),
  'layers that share weights': inLayers((i) =>
    i === 0 ? 'l: dense { outputs: 64 }\n' : 'dense { outputs: 64, weights: l }\n',
  ),
  'additions of all before': repeated(
    `${base}model N { input: 64, layers { a: relu\nadd { inputs: [`,
    () => 'a, ',
    'a] } } }\n',
  ),
  'layers with a wrong shape': inLayers(() => 'conv { kernel: 3 x 3, filters: 4 }\n'),
  'unknown layers': inLayers((i) => `layer${i}\n`),
  residuals: inLayers(() => 'residual { relu }\n'),
  'nested residuals': nested(`${chip}${scenario}model M { input: 64, layers { `, 'residual { ', 'relu', ' }', '} }\n'),
  'nested repeats': nested(`${chip}${scenario}model M { input: 64, layers { `, 'repeat 1 { ', 'relu', ' }', '} }\n'),
  'repeats of one': inLayers(() => 'repeat 1 { relu }\n'),
  'empty repeats': inLayers(() => 'repeat 1000 { }\n'),
  branches: repeated(
    `${chip}${scenario}model M { input: 64, layers { parallel {\n`,
    () => 'branch { relu }\n',
    '} } }\n',
  ),
  'an input of many sizes': repeated(`${base}model N { input: 2`, () => ' x 2', ', layers { relu } }\n'),
  'model inputs': repeated(
    `${base}model N { inputs {\n`,
    (i) => `i${i}: 64\n`,
    '}, layers { relu { inputs: [i0] } } }\n',
  ),
  'model inputs of one name': repeated(`${base}model N { inputs {\n`, () => 'i: 64\n', '}, layers { relu } }\n'),
  'external inputs': inLayers((i) => `l${i}: relu { input: 64 }\n`),
  assumptions: inModel((i) => `assume { Op${i}: elementwise }\n`),
  'assumptions in one block': repeated(
    `${base}model N from "net.onnx" { assume {\n`,
    (i) => `Op${i}: elementwise\n`,
    '} }\n',
  ),
  accuracies: inModel(() => 'accuracy { bf16: 1 % }\n'),
  'accuracies by format': repeated(
    `${base}model N { input: 64, layers { relu }, accuracy {\n`,
    (i) => `w${i}a16: 1 %\n`,
    '} }\n',
  ),
  'blocks of layers': repeated(base, (i) => `block B${i}() { relu }\n`),
  'blocks of one name': repeated(base, () => 'block B() { relu }\n'),
  'blocks in a chain': repeated(`${base}block B0() { relu }\n`, (i) => `block B${i + 1}() { B${i}() }\n`),
  'uses of a block': repeated(
    `${chip}${scenario}block B() { relu }\nmodel M { input: 64, layers {\n`,
    () => 'B()\n',
    '} }\n',
  ),
  'parameters of a block': repeated(`${base}block B(`, (i) => `p${i}, `, 'p) { relu }\n'),
  'arguments of a block': repeated(
    `${base}block B(p) { relu }\nmodel N { input: 64, layers { B(`,
    () => '1, ',
    '1) } }\n',
  ),
  // Scenarios
  scenarios: repeated(base, (i) => `scenario S${i} { npu: C, ${serve} }\n`),
  'scenarios of one name': repeated(base, () => `scenario T { npu: C, ${serve} }\n`),
  'empty scenarios': repeated(base, (i) => `scenario S${i} { }\n`),
  serves: inScenario((i) => `serve M as L${i} { arrivals: poisson(10 rps) }\n`),
  'serves of one label': inScenario(() => 'serve M as L { arrivals: poisson(10 rps) }\n'),
  'empty serves': inScenario((i) => `serve M as L${i} { }\n`),
  'serves of unknown networks': inScenario((i) => `serve N${i} { }\n`),
  objectives: inServe((i) => `slo { p${((i % 9998) + 1) / 100} latency <= ${i + 1} ms }\n`),
  'objectives in one block': repeated(
    `${chip}${network}scenario S { npu: C, serve M { arrivals: poisson(10 rps), slo {\n`,
    (i) => `p99 latency <= ${i + 1} ms\n`,
    '} } }\n',
  ),
  'equal objectives': repeated(
    `${chip}${network}scenario S { npu: C, serve M { arrivals: poisson(10 rps), slo {\n`,
    () => 'p99 latency <= 9 ms\n',
    '} } }\n',
  ),
  'throughput objectives': repeated(
    `${chip}${network}scenario S { npu: C, serve M { arrivals: poisson(10 rps), slo {\n`,
    (i) => `throughput >= ${i + 1} rps\n`,
    '} } }\n',
  ),
  arrivals: inServe(() => 'arrivals: poisson(10 rps)\n', ''),
  'batch blocks': inServe(() => 'batch { max: 8 }\n'),
  'tokens blocks': inServe(() => 'tokens { prompt: 100, output: 10 }\n'),
  'other chips': inScenario(() => 'also C { chips: 1 }\n'),
  'other chips of many names': repeated(
    `${base}`,
    (i) => `npu D${i} extends C { }\nscenario T${i} { npu: C, also D${i} { chips: 1 } }\n`,
  ),
  'other chips in one scenario': (characters) => {
    const chips = repeated(base, (i) => `npu D${i} extends C { }\n`)(characters / 2);
    return (
      chips + repeated(`scenario T { npu: C, ${serve}\n`, (i) => `also D${i} { chips: 0 }\n`, '}\n')(characters / 2)
    );
  },
  accepts: inScenario(() => 'accept { trace-cut: yes }\n'),
  'unknown accepts': repeated(
    `${chip}${network}scenario S { npu: C, ${serve}, accept {\n`,
    (i) => `code${i}: yes\n`,
    '} }\n',
  ),
  'a long comparison': repeated(`${chip}${network}scenario S { npu: C, ${serve}, compare: [`, () => 'C, ', 'C] }\n'),
  'a comparison of policies': repeated(
    `${chip}${network}scenario S { npu: C, ${serve}, compare: [`,
    (i) => `C with queue(${i + 1}), `,
    'C] }\n',
  ),
  comparisons: inScenario(() => 'compare: [C]\n'),
  schedulers: repeated(base, (i) => `scheduler P${i} { order: fifo }\n`),
  seeds: inScenario(() => 'seed: 1\n'),
  durations: inScenario(() => 'duration: 1 s\n'),
  // Explorations
  explorations: repeated(
    base,
    (i) => `explore E${i} { scenario: S, vary C.HBM.bandwidth in [1 GB/s, 2 GB/s], minimize p99 latency }\n`,
  ),
  axes: inExplore((i) => `vary C.HBM.bandwidth in [${i + 1} GB/s]\n`),
  'axes of many values': repeated(
    `${base}explore E { scenario: S, vary C.HBM.bandwidth in [`,
    (i) => `${i + 1} GB/s, `,
    '1 GB/s], minimize p99 latency }\n',
  ),
  'a deep axis': filled(`${base}explore E { scenario: S, vary C`, '.HBM', ' in [1], minimize p99 latency }\n'),
  goals: inExplore(() => 'minimize energy\n'),
  constraints: inExplore((i) => `p99 latency <= ${i + 1} ms\n`),
  requirements: inExplore((i) => `require C.HBM.bandwidth >= ${i + 1} GB/s\n`),
  'a long requirement': repeated(
    `${base}explore E { scenario: S, vary C.HBM.bandwidth in [1 GB/s, 2 GB/s], require C.HBM.bandwidth >= 1 GB/s`,
    () => ' + 0 GB/s',
    '\nminimize p99 latency }\n',
  ),
};

export const largeTexts: readonly LargeText[] = Object.entries(table).map(([name, text]) => ({ name, text }));
