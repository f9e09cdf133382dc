import { describe, it } from 'vitest';
import { finds } from './marked.ts';

/** A complete chip and a complete network, so that a case shows only its own mistakes. */
const chip = `npu C { clock: 1 GHz, array { rows: 8, columns: 8 }, vector { rate: 8 operations/cycle }, VMEM { capacity: 1 MiB, bandwidth: 1 TB/s }, HBM { capacity: 1 GB, bandwidth: 1 GB/s } }
`;
const net = `model M { input: 8 x 8 x 3, layers { conv { kernel: 3, filters: 4 } } }
`;

function check(marked: string, ...expected: readonly string[]): void {
  it(marked.replace(chip, '').replace(net, '').slice(0, 120), () => finds(marked, ...expected));
}

describe('the checker reports', () => {
  check(`let a = 15 ms + ⟦3 GB⟧`, 'unit-mismatch: Cannot add an amount of memory to a time. Expected a time here.');
  check(
    `⟦npu A⟧ { clock: ⟦15 ms⟧ }`,
    "missing-block: 'npu' needs the blocks 'array', 'vector', 'VMEM' and 'HBM'.",
    "unit-mismatch: This is a time. 'clock' needs a frequency, such as 1.05 GHz.",
  );
  check(
    `⟦npu A⟧ { clock: ⟦15⟧ }`,
    "missing-block: 'npu' needs the blocks 'array', 'vector', 'VMEM' and 'HBM'.",
    "missing-unit: This number has no unit. 'clock' needs a frequency, such as 1.05 GHz.",
  );
  check(
    `${chip}${net}scenario S { npu: C, duration: 1.5 s, serve M { arrivals: ⟦trace("a.csv")⟧ } }`,
    "trace-cut: The run replays 2 of the 3 requests in 'a.csv' for M. Remove 'duration' to replay all of them, or accept it in the scenario: accept { trace-cut: yes }.",
  );
  check(
    `${chip}${net}scenario S { npu: C, duration: 1.5 s, accept { trace-cut: yes }, serve M { arrivals: trace("a.csv") } }`,
  );
  check(
    `${chip}${net}scenario S { npu: C, duration: 1.5 s, accept { trace-cut: no }, serve M { arrivals: ⟦trace("a.csv")⟧ } }`,
    "trace-cut: The run replays 2 of the 3 requests in 'a.csv' for M. Remove 'duration' to replay all of them, or accept it in the scenario: accept { trace-cut: yes }.",
  );
  check(
    `${chip}${net}scenario S { npu: C, serve M { arrivals: ⟦trace("local.csv")⟧ }, serve M as N { arrivals: trace("utc.csv") } }`,
    "trace-zone: The dates in 'local.csv' have no time zone, and the times in 'utc.csv' have one. The dates are read as UTC, so the two traces can be hours apart. Write the offset from UTC in each row, or accept it: accept { trace-zone: yes } in the scenario.",
  );
  check(
    `${chip}${net}scenario S { npu: C, accept { trace-zone: yes }, serve M { arrivals: trace("local.csv") }, serve M as N { arrivals: trace("utc.csv") } }`,
  );
  check(
    `${chip}${net}scenario S { npu: C, serve M { arrivals: trace("local.csv") }, serve M as N { arrivals: trace("a.csv") } }`,
  );
  check(
    `${chip}${net}scenario S { npu: C, accept { ⟦trace-cuts⟧: yes }, serve M { arrivals: poisson(1 rps) } }`,
    "unknown-property: 'accept' has no property 'trace-cuts'. Did you mean 'trace-cut'?",
  );
  check(`${chip}${net}scenario S { npu: C, duration: 3 requests, serve M { arrivals: trace("a.csv") } }`);
  check(`let a = 3 ⟦mss⟧`, "unknown-unit: There is no unit 'mss'. Did you mean 'ms'?");
  check(`let a = 3 ⟦GBps⟧`, "unknown-unit: There is no unit 'GBps'. Did you mean 'GB/s'?");
  check(
    `let ⟦a⟧ = b
let b = a`,
    "let-cycle: 'a' depends on itself: a → b → a.",
  );
  check(
    `let a = ⟦peek⟧
let peak = 3`,
    "unknown-name: There is no 'peek'. Did you mean 'peak'?",
  );
  check(
    `let peak = 3
let a = ⟦peak-1⟧`,
    "unknown-name: There is no 'peak-1'. A subtraction needs spaces: 'peak - 1'.",
  );
  check(
    `⟦⟦⟦modle⟧ M⟧⟧ { }`,
    "unknown-block: There is no block 'modle'. Did you mean 'model'?",
    "missing-property: 'model' needs 'input', such as 'input: 224 x 224 x 3'.",
    "missing-block: Model 'M' has no layers. Add 'layers { ... }', or read them from a file with 'from \"file.onnx\"'.",
  );
  check(
    `⟦⟦npu A⟧⟧ ⟦extend⟧ B { }`,
    "missing-property: 'npu' needs 'clock', such as 'clock: 1.05 GHz'.",
    "missing-block: 'npu' needs the blocks 'array', 'vector', 'VMEM' and 'HBM'.",
    "unknown-clause: 'npu' cannot have 'extend' here. Did you mean 'extends'?",
  );
  check(`npu A extends ⟦A⟧ { }`, "extends-cycle: 'A' extends itself: A → A.");
  check(`npu A extends ⟦Nope⟧ { }`, "unknown-name: There is no npu 'Nope'.");
  check(`⟦npu⟧ { }`, "missing-name: Expected a name after 'npu'.");
  check(`⟦clock⟧: 3 GHz`, "misplaced-item: 'clock' is allowed only inside a block, not at the top of a file.");
  check(
    `⟦⟦npu A⟧⟧ { ⟦array⟧ { ⟦row⟧: 3 } }`,
    "missing-property: 'npu' needs 'clock', such as 'clock: 1.05 GHz'.",
    "missing-block: 'npu' needs the blocks 'vector', 'VMEM' and 'HBM'.",
    "missing-property: 'array' needs 'columns', such as 'columns: 128'.",
    "unknown-property: 'array' has no property 'row'. Did you mean 'rows'?",
  );
  check(
    `⟦⟦npu A⟧⟧ { ⟦⟦arry⟧⟧ { rows: 3 } }`,
    "missing-property: 'npu' needs 'clock', such as 'clock: 1.05 GHz'.",
    "missing-block: 'npu' needs the blocks 'vector', 'VMEM' and 'HBM'.",
    "unknown-block: 'npu' has no block 'arry'. Did you mean 'array'?",
    "missing-property: 'array' needs 'columns', such as 'columns: 128'.",
  );
  check(
    `⟦npu A⟧ { ⟦clock⟧ 3 GHz }`,
    "missing-block: 'npu' needs the blocks 'array', 'vector', 'VMEM' and 'HBM'.",
    "missing-colon: Expected ':' after 'clock'.",
  );
  check(
    `⟦⟦npu A⟧⟧ { mode ⟦bas⟧ { precision: bf16 } }`,
    "missing-property: 'npu' needs 'clock', such as 'clock: 1.05 GHz'.",
    "missing-block: 'npu' needs the blocks 'array', 'vector', 'VMEM' and 'HBM'.",
    "unknown-word: There is no 'mode bas'. Expected 'base' or 'burst' after 'mode'. Did you mean 'base'?",
  );
  check(
    `${chip}npu D extends C { clock: 2 GHz, ⟦clock⟧: 3 GHz, array { rows: ⟦3.5⟧ }, mode burst { precision: ⟦int3⟧ } }`,
    "duplicate-property: This block sets 'clock' twice. Remove one of the two lines.",
    "out-of-range: 'rows' is 3.5. It must be a whole number.",
    "unknown-word: 'int3' is not a value of 'precision'. Expected 'bf16', 'fp16', 'fp32', 'int16', 'fp8', 'fp8-e5m2', 'int8', 'fp4', 'int4', 'mxfp8', 'mxfp6' or 'mxfp4'. Did you mean 'int8'?",
  );
  check(
    `${chip}npu D extends C { CMEM: none
 mode burst: none
 VMEM: ⟦none⟧
 ⟦hbm⟧ { bandwidth: 3 GB/s } }`,
    "unexpected-value: 'VMEM' is a block. Expected '{ ... }' after it.",
    "unknown-block: 'npu' has no block 'hbm'. Did you mean 'HBM'?",
  );
  check(
    `import ⟦"stimpack/tpuv4k"⟧`,
    "unknown-import: The library has no 'stimpack/tpuv4k'. Did you mean 'stimpack/tpuv4'?",
  );
  check(
    `import ⟦"policies.npu"⟧`,
    "unknown-import: 'policies.npu' is not in the library. To import your own file, start its name with './'.",
  );
  check(`import ⟦"./nope.npu"⟧`, "unknown-import: Cannot read './nope.npu': there is no such file.");
  check(
    `import ⟦"./work.npu"⟧`,
    'import-cycle: This import makes a cycle: work.npu → work.npu. Remove one of these imports.',
  );
  check(
    `⟦⟦model M⟧⟧ { }`,
    "missing-property: 'model' needs 'input', such as 'input: 224 x 224 x 3'.",
    "missing-block: Model 'M' has no layers. Add 'layers { ... }', or read them from a file with 'from \"file.onnx\"'.",
  );
  check(`⟦model M⟧ { layers { relu } }`, "missing-property: 'model' needs 'input', such as 'input: 224 x 224 x 3'.");
  check(
    `model M { input: 8 x 8 x 3, layers { ⟦conv⟧ { kernel: 9 x 9, filters: 3 } relu } }`,
    'shape-mismatch: The kernel of 9 x 9 does not fit into the input of 8 x 8 x 3. Use a smaller kernel or more padding.',
  );
  check(
    `model M { input: 8 x 8 x 3, layers { ⟦conv⟧ { kernel: 3 x 3 } ⟦rellu⟧ } }`,
    "missing-property: 'conv' needs 'filters', such as 'filters: 64'.",
    "unknown-layer: There is no layer or block 'rellu'. Did you mean 'relu'?",
  );
  check(
    `model M { input: 8 x 8 x 3, layers { relu ⟦relu⟧ } }`,
    "missing-separator: Expected ',' or a new line after 'relu'.",
  );
  check(
    `model M { input: 8 x 8 x 3, layers { ⟦residual⟧ { conv { kernel: 1, filters: 4 } } } }`,
    "shape-mismatch: 'residual' adds the output of its layers, 8 x 8 x 4, to its input, 8 x 8 x 3. Both shapes must be equal: add a 'shortcut { ... }' that converts the input.",
  );
  check(
    `model M { input: 8 x 8 x 3, layers { add { inputs: [⟦inptu⟧] } } }`,
    "unknown-label: No earlier layer has the label 'inptu'. Did you mean 'input'?",
  );
  check(
    `model M { input: 8 x 8 x 3, layers { a: relu, ⟦a⟧: relu, add { inputs: [a, input] } } }`,
    "duplicate-label: Two layers have the label 'a'. Rename one of them.",
  );
  check(
    `model M { input: 8 x 8 x 3, layers { parallel { ⟦relu⟧ } } }`,
    "misplaced-item: 'parallel' can contain only 'branch { ... }' blocks.",
  );
  check(
    `model M { input: 8 x 8 x 3, layers { ⟦parallel⟧ { branch { relu } branch { conv { kernel: 3, filters: 4 } } } } }`,
    "shape-mismatch: 'concat' cannot join 8 x 8 x 3 and 6 x 6 x 4 along dimension 3. All other dimensions must be equal.",
  );
  check(
    `model M { input: 4 x 8, layers { ⟦slice⟧ { shape: 33 } } }`,
    "shape-mismatch: 'slice' makes no more elements than it reads, but 4 x 8 has 32 and 33 has 33.",
  );
  check(
    `model M { input: 4 x 8, layers { ⟦expand⟧ { shape: 31 } } }`,
    "shape-mismatch: 'expand' makes no fewer elements than it reads, but 4 x 8 has 32 and 31 has 31.",
  );
  check(
    `model M { input: 4 x 8, layers { ⟦elementwise⟧ } }`,
    "shape-mismatch: 'elementwise' reads two inputs. Give their labels, such as 'inputs: [a, b]'.",
  );
  check(
    `block B(f, g) { conv { kernel: f, filters: g } }
model M { input: 8 x 8 x 3, layers { ⟦B⟧(3) B(1, 2, ⟦3⟧) ⟦B⟧(1, ⟦h⟧: 3) } }`,
    "missing-argument: Block 'B' needs 'g'.",
    "too-many-arguments: Too many values: block 'B' has 2 parameters.",
    "missing-argument: Block 'B' needs 'g'.",
    "unknown-parameter: Block 'B' has no parameter 'h'.",
  );
  check(
    `model M { input: 8 x 8 x 3, layers { repeat ⟦2.5⟧ { relu } ⟦repeat⟧ { relu } conv { kernel: 3, filters: 4, padding: ⟦smae⟧ } } }`,
    "out-of-range: 'repeat' needs a whole number, 1 or greater.",
    "missing-value: Expected the number of repetitions after 'repeat', such as 'repeat 3 { ... }'.",
    "unknown-word: 'padding' needs 'same', 'valid', one or two whole numbers such as 1 or 1 x 2, or [top, bottom, left, right]. Did you mean 'same'?",
  );
  check(
    `model M from ⟦squeezenet⟧`,
    'unexpected-value: Expected a file name in double quotes after \'from\', such as "m.onnx".',
  );
  check(`model M from ⟦"x.onnx"⟧`, 'unreadable-file: cannot read file:///x.onnx');
  check(
    `${chip}${net}scenario S { npu: C, serve M { arrivals: poisson(⟦3 Hz⟧), slo { p99 latency <= ⟦15⟧ } } }`,
    "unit-mismatch: This is a frequency. 'rate' needs a request rate, such as 2400 rps.",
    "missing-unit: This limit has no unit. A limit for 'latency' is a time, such as 15 ms.",
  );
  check(
    `${chip}${net}scenario S { npu: ⟦M⟧, serve ⟦C⟧ { arrivals: ⟦poison⟧(3 rps) } }`,
    "wrong-kind: Expected an npu, but 'M' is a model.",
    "wrong-kind: Expected a model, but 'C' is an npu.",
    "unknown-word: 'poison' is not a value of 'arrivals'. Expected 'poisson', 'constant', 'bursty', 'diurnal', 'loadgen', 'closed', 'multi-stream', 'offline' or 'trace'. Did you mean 'poisson'?",
  );
  check(
    `${chip}${net}scenario S { npu: C, serve M { arrivals: poisson(3 rps), slo { p99 latency ⟦>=⟧ 15 ms, ⟦latency⟧ <= 3 ms, ⟦p99⟧ <= 3 ms, accuracy >= ⟦76.3⟧, ⟦p100⟧ latency <= 2 s, p99 ⟦latancy⟧ <= 3 ms } } }`,
    "wrong-operator: A limit for 'latency' is a maximum. Write '<='.",
    "missing-statistic: 'latency' needs a statistic. Write 'p99 latency', 'mean latency' or 'max latency'.",
    "unknown-metric: 'p99' is a statistic without a metric. Write 'p99 latency'.",
    "out-of-range: The limit for 'accuracy' is 7630 %. It must be from 0 % to 100 %. Did you mean '76.3 %'?",
    "unknown-statistic: 'p100' is not a statistic of 'latency'. Expected a percentile such as 'p99', or 'mean' or 'max'.",
    "unknown-metric: 'latancy' is not a metric. Expected 'latency', 'ttft', 'tpot', 'accuracy', 'throughput' or 'goodput'. Did you mean 'latency'?",
  );
  check(
    `${chip}${net}scenario S { npu: C, serve M { arrivals: poisson(3 rps) } ⟦serve M⟧ { arrivals: poisson(3 rps) } compare: [⟦D⟧, C with ⟦alwys⟧, C with always, always, ⟦3⟧] }`,
    "duplicate-serve: 'M' is served twice. Give one of the two a label: 'serve M as Other { ... }'.",
    "unknown-name: There is no npu 'D'.",
    "unknown-name: There is no scheduler or burst policy 'alwys'. Did you mean 'always'?",
    "unexpected-value: 'compare' needs npus, such as TPUv4i, or npus with another scheduler, such as 'TPUv4i with always-burst'.",
  );
  check(`${chip}${net}⟦scenario S⟧ { npu: C }`, "missing-block: 'scenario' needs the block 'serve'.");
  check(
    `${chip}${net}scenario S { npu: C, ⟦serve M⟧ { } }`,
    "missing-property: 'serve' needs 'arrivals', such as 'arrivals: poisson(1000 rps)'.",
  );
  check(
    `${chip}${net}scenario S { npu: C, chips: ⟦0⟧, warmup: ⟦5⟧, duration: ⟦3 GHz⟧, seed: ⟦-1⟧, serve M { arrivals: ⟦poisson⟧() } }`,
    "out-of-range: 'chips' is 0. It must be from 1 to 1024.",
    "out-of-range: 'warmup' is 500 %. It must be at most 90 %. Did you mean '5 %'?",
    "unit-mismatch: This is a frequency. 'duration' needs a time, such as 15 ms.",
    "out-of-range: 'seed' is -1. It must be from 0 to 4294967295.",
    "missing-property: 'poisson' needs 'rate', such as 'rate: 2400 rps'.",
  );
  check(
    `${chip}${net}scenario S { npu: C, scheduler: ⟦fifo⟧, serve M { arrivals: poisson(rate: 3 rps, ⟦rate⟧: 4 rps) } }`,
    "unknown-name: There is no scheduler 'fifo'. It is a value of 'order': write 'scheduler { order: fifo }'.",
    "duplicate-property: This block sets 'rate' twice. Remove one of the two lines.",
  );
  check(
    `${chip}${net}scenario S { npu: C ⟦{ clock: 2 GHz }⟧, serve M { arrivals: poisson(3 rps), slo { p99 latency <= 5 ms } } }`,
    "unexpected-value: 'npu' needs the name of an npu. To change 'C', declare a new npu: 'npu Mine extends C { ... }'.",
  );
  check(
    `${chip}${net}scenario S { npu: C, serve M { arrivals: poisson(3 rps), slo { p99 latency <= 9 ms, ⟦p99 latency <= 5 ms⟧ } } }`,
    "duplicate-property: This 'slo' has two limits for 'p99 latency'. Only the stricter limit has an effect: remove the other one.",
  );
  check(
    `${chip}npu D extends C { mode base { precision: bf16, packing: ⟦reduce⟧ } }`,
    "unknown-word: 'reduce' is not a value of 'packing'. Expected 'none', 'reduction' or 'columns'. Did you mean 'reduction'?",
  );
  check(
    `${chip}${net}scheduler Q { order: ⟦lifo⟧, burst: ⟦queue⟧, switch at: ⟦layers⟧ }`,
    "unknown-word: 'lifo' is not a value of 'order'. Expected 'fifo', 'edf', 'sjf' or 'priority'. Did you mean 'fifo'?",
    "missing-property: 'queue' needs 'threshold', such as 'threshold: 8'.",
    "unknown-word: 'layers' is not a value of 'switch at'. Expected 'layer' or 'request'. Did you mean 'layer'?",
  );
  check(
    `${chip}${net}scheduler Q { burst: slack { ⟦gaurd⟧: 5 % } }`,
    "unknown-property: 'slack' has no property 'gaurd'. Did you mean 'guard'?",
  );
  check(
    `${chip}${net}scenario S { npu: C, serve M { arrivals: poisson(3 rps) slo: ⟦p99 latency <= 3 ms⟧ } }`,
    "missing-block: 'slo' needs a block. Write 'slo { p99 latency <= 3 ms }'.",
  );
  check(
    `${chip}⟦explore E⟧ { vary C.HBM.⟦bandwith⟧ in [3 GB/s], vary C.⟦HBM⟧ in [3], vary C.clock in 1 GHz .. ⟦2 ms⟧
 maximize ⟦capcity⟧ }`,
    "missing-property: 'explore' needs 'scenario'.",
    "unknown-property: 'HBM' has no property 'bandwith'. Did you mean 'bandwidth'?",
    "unknown-property: 'HBM' is a block, and only a property can vary. Write one of its properties, such as HBM.capacity.",
    "unit-mismatch: This is a time. 'clock' needs a frequency, such as 1.05 GHz.",
    "unknown-word: There is no 'maximize capcity'. Expected 'capacity', 'latency', 'throughput', 'goodput', 'token throughput', 'accuracy', 'energy', 'power', 'area', 'chips', 'mean latency', 'p99.9 latency', 'p99 ttft' or 'p95 tpot' after 'maximize'. Did you mean 'capacity'?",
  );
  check(
    `⟦⟦npu A⟧⟧ { } npu ⟦A⟧ { }`,
    "missing-property: 'npu' needs 'clock', such as 'clock: 1.05 GHz'.",
    "missing-block: 'npu' needs the blocks 'array', 'vector', 'VMEM' and 'HBM'.",
    "duplicate-name: 'A' is declared twice in this file. Rename one of the two.",
  );
  check(`let a = ⟦1/0⟧`, 'not-finite: This expression divides by zero.');
  check(`let a = ⟦"x"⟧ + 1`, 'unexpected-value: Expected a number or a quantity here.');
  check(
    `let a = [1, 2]
⟦npu A⟧ { clock: ⟦a⟧ }`,
    "missing-block: 'npu' needs the blocks 'array', 'vector', 'VMEM' and 'HBM'.",
    "unexpected-value: 'clock' needs a frequency, such as 1.05 GHz.",
  );
});
