import { describe, it } from 'vitest';
import { finds } from './marked.ts';

/** A whole chip and a whole network, so that a case shows only its own mistakes. */
const chip = `npu C { clock: 1 GHz, array { rows: 8, columns: 8 }, vector { rate: 8 operations/cycle }, VMEM { capacity: 1 MiB, bandwidth: 1 TB/s }, HBM { capacity: 1 GB, bandwidth: 1 GB/s } }
`;
const net = `model M { input: 8 x 8 x 3, layers { conv { kernel: 3, filters: 4 } } }
`;

function check(marked: string, ...expected: readonly string[]): void {
  it(marked.replace(chip, '').replace(net, '').slice(0, 120), () => finds(marked, ...expected));
}

describe('what the checker says', () => {
  check(`let a = 15 ms + ⟦3 GB⟧`, 'unit-mismatch: cannot add an amount of memory to a time: expected a time here');
  check(
    `⟦npu A⟧ { clock: ⟦15 ms⟧ }`,
    "missing-block: 'npu' needs the blocks 'array', 'vector', 'VMEM' and 'HBM'",
    "unit-mismatch: 'clock' takes a frequency, such as 1.05 GHz; this is a time",
  );
  check(
    `⟦npu A⟧ { clock: ⟦15⟧ }`,
    "missing-block: 'npu' needs the blocks 'array', 'vector', 'VMEM' and 'HBM'",
    "missing-unit: 'clock' takes a frequency, such as 1.05 GHz; this number has no unit",
  );
  check(
    `${chip}${net}scenario S { npu: C, duration: 1.5 s, serve M { arrivals: ⟦trace("a.csv")⟧ } }`,
    "trace-cut: the run ends before the trace: it replays 2 of the 3 requests in 'a.csv'. Remove 'duration' to replay all of them",
  );
  check(`${chip}${net}scenario S { npu: C, duration: 3 requests, serve M { arrivals: trace("a.csv") } }`);
  check(`let a = 3 ⟦mss⟧`, "unknown-unit: there is no unit 'mss'; did you mean 'ms'?");
  check(`let a = 3 ⟦GBps⟧`, "unknown-unit: there is no unit 'GBps'; did you mean 'GB/s'?");
  check(
    `let ⟦a⟧ = b
let b = a`,
    "let-cycle: 'a' is defined by itself: a → b → a",
  );
  check(
    `let a = ⟦peek⟧
let peak = 3`,
    "unknown-name: there is no 'peek'; did you mean 'peak'?",
  );
  check(
    `let peak = 3
let a = ⟦peak-1⟧`,
    "unknown-name: there is no 'peak-1'; a subtraction stands between spaces: 'peak - 1'",
  );
  check(
    `⟦⟦⟦modle⟧ M⟧⟧ { }`,
    "unknown-block: there is no block 'modle'; did you mean 'model'?",
    "missing-property: 'model' needs 'input', such as 'input: 224 x 224 x 3'",
    "missing-block: model 'M' has no layers: expected 'layers { ... }', or 'from \"file.onnx\"'",
  );
  check(
    `⟦⟦npu A⟧⟧ ⟦extend⟧ B { }`,
    "missing-property: 'npu' needs 'clock', such as 'clock: 1.05 GHz'",
    "missing-block: 'npu' needs the blocks 'array', 'vector', 'VMEM' and 'HBM'",
    "unknown-clause: 'npu' takes no 'extend' here; did you mean 'extends'?",
  );
  check(`npu A extends ⟦A⟧ { }`, "extends-cycle: 'A' extends itself: A → A");
  check(`npu A extends ⟦Nope⟧ { }`, "unknown-name: there is no npu 'Nope'");
  check(`⟦npu⟧ { }`, "missing-name: expected a name after 'npu'");
  check(`⟦clock⟧: 3 GHz`, "misplaced-item: 'clock' stands inside a block, not at the top of a file");
  check(
    `⟦⟦npu A⟧⟧ { ⟦array⟧ { ⟦row⟧: 3 } }`,
    "missing-property: 'npu' needs 'clock', such as 'clock: 1.05 GHz'",
    "missing-block: 'npu' needs the blocks 'vector', 'VMEM' and 'HBM'",
    "missing-property: 'array' needs 'columns', such as 'columns: 128'",
    "unknown-property: 'array' has no property 'row'; did you mean 'rows'?",
  );
  check(
    `⟦⟦npu A⟧⟧ { ⟦⟦arry⟧⟧ { rows: 3 } }`,
    "missing-property: 'npu' needs 'clock', such as 'clock: 1.05 GHz'",
    "missing-block: 'npu' needs the blocks 'vector', 'VMEM' and 'HBM'",
    "unknown-block: 'npu' has no block 'arry'; did you mean 'array'?",
    "missing-property: 'array' needs 'columns', such as 'columns: 128'",
  );
  check(
    `⟦npu A⟧ { ⟦clock⟧ 3 GHz }`,
    "missing-block: 'npu' needs the blocks 'array', 'vector', 'VMEM' and 'HBM'",
    "missing-colon: expected ':' after 'clock'",
  );
  check(
    `⟦⟦npu A⟧⟧ { mode ⟦bas⟧ { precision: bf16 } }`,
    "missing-property: 'npu' needs 'clock', such as 'clock: 1.05 GHz'",
    "missing-block: 'npu' needs the blocks 'array', 'vector', 'VMEM' and 'HBM'",
    "unknown-word: 'mode' takes 'base' or 'burst', not 'bas'; did you mean 'base'?",
  );
  check(
    `${chip}npu D extends C { clock: 2 GHz, ⟦clock⟧: 3 GHz, array { rows: ⟦3.5⟧ }, mode burst { precision: ⟦int4⟧ } }`,
    "duplicate-property: 'clock' is set twice in one block",
    "out-of-range: 'rows' must be a whole number; this is 3.5",
    "unknown-word: 'int4' is not a value of 'precision', which takes 'bf16', 'fp16', 'fp32' or 'int8'; did you mean 'int8'?",
  );
  check(
    `${chip}npu D extends C { CMEM: none
 mode burst: none
 HBM: ⟦none⟧
 ⟦hbm⟧ { bandwidth: 3 GB/s } }`,
    "unexpected-value: 'HBM' is a block: expected '{ ... }' after it",
    "unknown-block: 'npu' has no block 'hbm'; did you mean 'HBM'?",
  );
  check(
    `import ⟦"stimpack/tpuv4"⟧`,
    "unknown-import: the library has no 'stimpack/tpuv4'; did you mean 'stimpack/tpuv4i'?",
  );
  check(
    `import ⟦"policies.npu"⟧`,
    "unknown-import: 'policies.npu' is not in the library; a file of yours starts with './'",
  );
  check(`import ⟦"./nope.npu"⟧`, "unknown-import: cannot read './nope.npu': there is no such file");
  check(`import ⟦"./work.npu"⟧`, 'import-cycle: this import closes a cycle: work.npu → work.npu');
  check(
    `⟦⟦model M⟧⟧ { }`,
    "missing-property: 'model' needs 'input', such as 'input: 224 x 224 x 3'",
    "missing-block: model 'M' has no layers: expected 'layers { ... }', or 'from \"file.onnx\"'",
  );
  check(`⟦model M⟧ { layers { relu } }`, "missing-property: 'model' needs 'input', such as 'input: 224 x 224 x 3'");
  check(
    `model M { input: 8 x 8 x 3, layers { ⟦conv⟧ { kernel: 9 x 9, filters: 3 } relu } }`,
    'shape-mismatch: a window of 9 x 9 does not fit into 8 x 8 x 3',
  );
  check(
    `model M { input: 8 x 8 x 3, layers { ⟦conv⟧ { kernel: 3 x 3 } ⟦rellu⟧ } }`,
    "missing-property: 'conv' needs 'filters', such as 'filters: 64'",
    "unknown-layer: there is no layer or block 'rellu'; did you mean 'relu'?",
  );
  check(
    `model M { input: 8 x 8 x 3, layers { relu ⟦relu⟧ } }`,
    "missing-separator: expected ',' or a new line after 'relu'",
  );
  check(
    `model M { input: 8 x 8 x 3, layers { ⟦residual⟧ { conv { kernel: 1, filters: 4 } } } }`,
    "shape-mismatch: 'residual' adds 8 x 8 x 4 to what comes in, 8 x 8 x 3; add a 'shortcut { ... }' that makes the shapes equal",
  );
  check(
    `model M { input: 8 x 8 x 3, layers { add { inputs: [⟦inptu⟧] } } }`,
    "unknown-label: no layer before this one has the label 'inptu'; did you mean 'input'?",
  );
  check(
    `model M { input: 8 x 8 x 3, layers { a: relu, ⟦a⟧: relu, add { inputs: [a, input] } } }`,
    "duplicate-label: the label 'a' is used twice",
  );
  check(
    `model M { input: 8 x 8 x 3, layers { parallel { ⟦relu⟧ } } }`,
    "misplaced-item: 'parallel' holds 'branch { ... }' blocks only",
  );
  check(
    `model M { input: 8 x 8 x 3, layers { ⟦parallel⟧ { branch { relu } branch { conv { kernel: 3, filters: 4 } } } } }`,
    "shape-mismatch: 'concat' cannot join 8 x 8 x 3 and 6 x 6 x 4 along dimension 3",
  );
  check(
    `model M { input: 4 x 8, layers { ⟦slice⟧ { shape: 33 } } }`,
    "shape-mismatch: 'slice' makes no more elements than it reads: 4 x 8 has 32, 33 has 33",
  );
  check(
    `model M { input: 4 x 8, layers { ⟦expand⟧ { shape: 31 } } }`,
    "shape-mismatch: 'expand' makes no fewer elements than it reads: 4 x 8 has 32, 31 has 31",
  );
  check(
    `model M { input: 4 x 8, layers { ⟦elementwise⟧ } }`,
    "shape-mismatch: 'elementwise' reads two inputs: name them with 'inputs: [a, b]'",
  );
  check(
    `block B(f, g) { conv { kernel: f, filters: g } }
model M { input: 8 x 8 x 3, layers { ⟦B⟧(3) B(1, 2, ⟦3⟧) ⟦B⟧(1, ⟦h⟧: 3) } }`,
    "missing-argument: block 'B' needs 'g'",
    "too-many-arguments: block 'B' takes 2 parameters",
    "missing-argument: block 'B' needs 'g'",
    "unknown-parameter: block 'B' has no parameter 'h'",
  );
  check(
    `model M { input: 8 x 8 x 3, layers { repeat ⟦2.5⟧ { relu } ⟦repeat⟧ { relu } conv { kernel: 3, filters: 4, padding: ⟦smae⟧ } } }`,
    "out-of-range: 'repeat' takes a whole number from 1",
    "missing-value: expected how often after 'repeat', such as 'repeat 3 { ... }'",
    "unknown-word: 'padding' takes 'same', 'valid', one or two whole numbers such as 1 or 1 x 2, or [top, bottom, left, right]; did you mean 'same'?",
  );
  check(
    `model M from ⟦squeezenet⟧`,
    'unexpected-value: expected a file name between quotes after \'from\', such as "m.onnx"',
  );
  check(`model M from ⟦"x.onnx"⟧`, 'unreadable-file: cannot read file:///x.onnx');
  check(
    `${chip}${net}scenario S { npu: C, serve M { arrivals: poisson(⟦3 Hz⟧), slo { p99 latency <= ⟦15⟧ } } }`,
    "unit-mismatch: 'rate' takes a request rate, such as 2400 rps; this is a frequency",
    "missing-unit: 'latency' is a time, such as 15 ms",
  );
  check(
    `${chip}${net}scenario S { npu: ⟦M⟧, serve ⟦C⟧ { arrivals: ⟦poison⟧(3 rps) } }`,
    "wrong-kind: expected an npu, but 'M' is a model",
    "wrong-kind: expected a model, but 'C' is an npu",
    "unknown-word: 'poison' is not a value of 'arrivals', which takes 'poisson', 'constant', 'bursty', 'diurnal', 'loadgen' or 'trace'; did you mean 'poisson'?",
  );
  check(
    `${chip}${net}scenario S { npu: C, serve M { arrivals: poisson(3 rps), slo { p99 latency ⟦>=⟧ 15 ms, ⟦latency⟧ <= 3 ms, ⟦p99⟧ <= 3 ms, accuracy >= ⟦76.3⟧, ⟦p100⟧ latency <= 2 s, p99 ⟦latancy⟧ <= 3 ms } } }`,
    "wrong-operator: 'latency' is limited from above: expected '<='",
    "missing-statistic: which latency? expected 'p99 latency', 'mean latency' or 'max latency'",
    "unknown-metric: 'p99' of what? expected 'p99 latency'",
    "out-of-range: a limit on 'accuracy' is from 0 % to 100 %; this is 7630 %; did you mean 76.3 %?",
    "unknown-statistic: 'p100' is no latency statistic: expected a percentile such as 'p99', 'mean' or 'max'",
    "unknown-metric: 'latancy' is nothing that is measured: expected 'latency', 'accuracy', 'throughput' or 'goodput'; did you mean 'latency'?",
  );
  check(
    `${chip}${net}scenario S { npu: C, serve M { arrivals: poisson(3 rps) } ⟦serve M⟧ { arrivals: poisson(3 rps) } compare: [⟦D⟧, C with ⟦alwys⟧, C with always, always, ⟦3⟧] }`,
    "duplicate-serve: 'M' is served twice: give one of them a label, 'serve M as Other { ... }'",
    "unknown-name: there is no npu 'D'",
    "unknown-name: there is no scheduler or burst policy 'alwys'; did you mean 'always'?",
    "unexpected-value: 'compare' takes npus, such as TPUv4i, or 'Npu with scheduler'",
  );
  check(`${chip}${net}⟦scenario S⟧ { npu: C }`, "missing-block: 'scenario' needs a block 'serve'");
  check(
    `${chip}${net}scenario S { npu: C, ⟦serve M⟧ { } }`,
    "missing-property: 'serve' needs 'arrivals', such as 'arrivals: poisson(1000 rps)'",
  );
  check(
    `${chip}${net}scenario S { npu: C, chips: ⟦0⟧, warmup: ⟦5⟧, duration: ⟦3 GHz⟧, seed: ⟦-1⟧, serve M { arrivals: ⟦poisson⟧() } }`,
    "out-of-range: 'chips' must be from 1 to 1024; this is 0",
    "out-of-range: 'warmup' must be at most 90 %; this is 500 %; did you mean 5 %?",
    "unit-mismatch: 'duration' takes a time, such as 15 ms; this is a frequency",
    "out-of-range: 'seed' must be from 0 to 4294967295; this is -1",
    "missing-property: 'poisson' needs 'rate', such as 'rate: 2400 rps'",
  );
  check(
    `${chip}${net}scenario S { npu: C, scheduler: ⟦fifo⟧, serve M { arrivals: poisson(rate: 3 rps, ⟦rate⟧: 4 rps) } }`,
    "unknown-name: there is no scheduler 'fifo'; it is a value of 'order': 'scheduler { order: fifo }'",
    "duplicate-property: 'rate' is set twice in one block",
  );
  check(
    `${chip}${net}scenario S { npu: C ⟦{ clock: 2 GHz }⟧, serve M { arrivals: poisson(3 rps), slo { p99 latency <= 5 ms } } }`,
    "unexpected-value: 'npu' takes the name of an npu; declare the changed one: 'npu Mine extends C { ... }'",
  );
  check(
    `${chip}${net}scenario S { npu: C, serve M { arrivals: poisson(3 rps), slo { p99 latency <= 9 ms, ⟦p99 latency <= 5 ms⟧ } } }`,
    "duplicate-property: 'p99 latency' is limited twice in one 'slo': the stricter limit decides",
  );
  check(
    `${chip}npu D extends C { mode base { precision: bf16, packing: ⟦reduce⟧ } }`,
    "unknown-word: 'reduce' is not a value of 'packing', which takes 'none', 'reduction' or 'columns'; did you mean 'reduction'?",
  );
  check(
    `${chip}${net}scheduler Q { order: ⟦lifo⟧, burst: ⟦queue⟧, switch at: ⟦layers⟧ }`,
    "unknown-word: 'lifo' is not a value of 'order', which takes 'fifo', 'edf', 'sjf' or 'priority'; did you mean 'fifo'?",
    "missing-property: 'queue' needs 'threshold', such as 'threshold: 8'",
    "unknown-word: 'layers' is not a value of 'switch at', which takes 'layer' or 'request'; did you mean 'layer'?",
  );
  check(
    `${chip}${net}scheduler Q { burst: slack { ⟦gaurd⟧: 5 % } }`,
    "unknown-property: 'slack' has no property 'gaurd'; did you mean 'guard'?",
  );
  check(
    `${chip}${net}scenario S { npu: C, serve M { arrivals: poisson(3 rps) slo: ⟦p99 latency <= 3 ms⟧ } }`,
    "missing-block: a constraint stands in a block: expected 'slo { p99 latency <= 3 ms }'",
  );
  check(
    `${chip}⟦explore E⟧ { vary C.HBM.⟦bandwith⟧ in [3 GB/s], vary C.⟦HBM⟧ in [3], vary C.clock in 1 GHz .. ⟦2 ms⟧
 maximize ⟦capcity⟧ }`,
    "missing-property: 'explore' needs 'scenario'",
    "unknown-property: 'HBM' has no property 'bandwith'; did you mean 'bandwidth'?",
    "unknown-property: 'HBM' is a block: name one of its properties, such as HBM.capacity",
    "unit-mismatch: 'clock' takes a frequency, such as 1.05 GHz; this is a time",
    "unknown-word: 'maximize' takes 'capacity', 'latency', 'throughput', 'goodput', 'accuracy', 'energy' or 'power', not 'capcity'; did you mean 'capacity'?",
  );
  check(
    `⟦⟦npu A⟧⟧ { } npu ⟦A⟧ { }`,
    "missing-property: 'npu' needs 'clock', such as 'clock: 1.05 GHz'",
    "missing-block: 'npu' needs the blocks 'array', 'vector', 'VMEM' and 'HBM'",
    "duplicate-name: 'A' is declared twice in this file",
  );
  check(`let a = ⟦1/0⟧`, 'not-finite: this divides by zero');
  check(`let a = ⟦"x"⟧ + 1`, 'unexpected-value: expected a number or a quantity here');
  check(
    `let a = [1, 2]
⟦npu A⟧ { clock: ⟦a⟧ }`,
    "missing-block: 'npu' needs the blocks 'array', 'vector', 'VMEM' and 'HBM'",
    "unexpected-value: 'clock' takes a frequency, such as 1.05 GHz",
  );
});
