import { describe, expect, test } from 'vitest';
import { changedInputs } from '../../language/index.ts';

const changesOf = (before: string, after: string) =>
  changedInputs([{ uri: 'file:///a.npu', text: before }], [{ uri: 'file:///b.npu', text: after }]).map(
    (change) => `${change.path}: ${change.before ?? 'nothing'} -> ${change.after ?? 'nothing'}`,
  );

const text = `import "stimpack/resnet50"
let peak = 9000 rps // the peak
npu Mine extends Stimpack {
  HBM { bandwidth: 614 GB/s, capacity: 8 GB }
  mode burst { precision: int8 }
  clock: 1 GHz
}
model Net from "net.onnx" {
  relu
  relu
  stage: repeat 3 { conv1: conv { kernel: 3 x 3 } }
}
block Cell(width: 8) { dense { units: width } }
scheduler Own { burst: slack { guard: 5 %, hold: 2 ms } }
scenario Rush {
  npu: Mine
  serve ResNet50 as Photos {
    arrivals: bursty(500 rps, peak, 1 s)
    slo { p99 latency <= 15 ms, accuracy >= 76 % }
  }
}
`;

describe('a changed input has the names of its blocks', () => {
  test.each<[string, string, string]>([
    ['614', '900', 'Mine.HBM.bandwidth: 614 GB/s -> 900 GB/s'],
    ['peak = 9000', 'peak = 12_000', 'peak: 9000 rps -> 12_000 rps'],
    ['extends Stimpack', 'extends TPUv4', 'Mine.extends: Stimpack -> TPUv4'],
    ['int8', 'int4', 'Mine.mode burst.precision: int8 -> int4'],
    ['  clock: 1 GHz\n', '', 'Mine.clock: 1 GHz -> nothing'],
    ['  relu\n', '', 'Net.relu #2: relu -> nothing'],
    ['"net.onnx"', '"new.onnx"', 'Net.from: "net.onnx" -> "new.onnx"'],
    ['repeat 3', 'repeat 4', 'Net.stage: repeat 3 -> repeat 4'],
    ['3 x 3', '5 x 5', 'Net.stage.conv1.kernel: 3 x 3 -> 5 x 5'],
    ['width: 8', 'width: 16', 'Cell.parameters: (width: 8) -> (width: 16)'],
    ['slack {', 'queue {', 'Own.burst: slack -> queue'],
    ['hold: 2', 'hold: 3', 'Own.burst.hold: 2 ms -> 3 ms'],
    ['npu: Mine', 'npu: Stimpack', 'Rush.npu: Mine -> Stimpack'],
    ['(500', '(700', 'Rush.Photos.arrivals: bursty(500 rps, peak, 1 s) -> bursty(700 rps, peak, 1 s)'],
    ['15 ms', '9 ms', 'Rush.Photos.p99 latency: <= 15 ms -> <= 9 ms'],
    ['  npu: Mine\n', '  npu: Mine\n  seed: 4\n', 'Rush.seed: nothing -> 4'],
    [
      'import "stimpack/resnet50"\n',
      'import "stimpack/resnet50"\nimport "mine.npu"\n',
      'import mine.npu: nothing -> mine.npu',
    ],
  ])('%j becomes %j: %s', (old, now, change) => {
    expect(changesOf(text, text.replace(old, now))).toEqual([change]);
  });
});

describe('equal values are no change', () => {
  test.each<[string, string]>([
    ['// the peak', '// the largest load'],
    ['9000 rps // the peak', '9000rps'],
    ['HBM { bandwidth: 614 GB/s, capacity: 8 GB }', 'HBM {\n\n    capacity: 8 GB\n    bandwidth:   614 GB/s\n  }'],
    ['"net.onnx"', '"net.onnx" /* the file */'],
  ])('%j becomes %j', (old, now) => {
    expect(changesOf(text, text.replace(old, now))).toEqual([]);
  });
  test('a text in quotes keeps the signs of a comment', () => {
    const at = (path: string) => `model Net from "${path}"\n`;
    expect(changesOf(at('a//b'), at('a//c'))).toEqual(['Net.from: "a//b" -> "a//c"']);
  });
  test('the order of blocks makes no difference', () => {
    const [head = '', tail = ''] = text.split('scheduler Own');
    const scheduler = `scheduler Own${tail.split('\n')[0]}\n`;
    expect(changesOf(text, scheduler + head + tail.slice(tail.indexOf('\n') + 1))).toEqual([]);
  });
});

test.each(['', '{', '}}}', 'let', 'npu {', 'serve as', 'repeat', 'a: b { c', '"', '\u{1F600}: 1', 'import'])(
  'the broken text %j does no harm',
  (broken) => {
    expect(changesOf(broken, broken)).toEqual([]);
    expect(changesOf(broken, text).length).toBeGreaterThan(10);
  },
);
