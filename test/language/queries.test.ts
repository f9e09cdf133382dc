import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compile,
  completionsAt,
  definitionAt,
  docComment,
  fileLinks,
  folds,
  hoverAt,
  type OutlineEntry,
  outline,
  type Program,
  parse,
  pathAt,
  referencesAt,
  semanticTokens,
  shapeHints,
  signatureAt,
} from '../../language/index.ts';
import { testHost } from './host.ts';

const uri = 'file:///a.npu';

/** A text with the cursor at `|`, compiled. */
function at(marked: string): { readonly program: Program; readonly offset: number; readonly text: string } {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  return { program: compile(uri, testHost({ [uri]: text })), offset, text };
}

const chip = `/// A small chip.
npu C { clock: 1 GHz, array { rows: 8, columns: 8 }, vector { rate: 8 operations/cycle }, VMEM { capacity: 1 MiB, bandwidth: 1 TB/s }, HBM { capacity: 1 GB, bandwidth: 1 GB/s } }
`;
const net = 'model M { input: 8 x 8 x 3, layers { c: conv { kernel: 3, filters: 4 }, relu } }\n';

describe('completion', () => {
  it('offers the files beside an import, without the file itself', () => {
    const { program, offset, text } = at('import "|"');
    const host = { ...testHost({ [uri]: text }), namesBeside: () => ['a.npu', 'chips.npu'] };
    const labels = completionsAt(program, uri, offset, host).map((one) => one.label);
    expect(labels[0]).toBe('./chips.npu');
    expect(labels).not.toContain('./a.npu');
    expect(labels).toContain('stimpack/tpuv4i');
  });

  it('a call of a block offers its parameters, which have a value inside the block', () => {
    const { program, offset, text } = at('block B(f, g: 2) { relu }\nmodel M { input: 8, layers { B(|) } }');
    const offers = completionsAt(program, uri, offset, testHost({ [uri]: text }));
    expect(offers.map((one) => one.insertText)).toEqual(['f: ', 'g: ']);
  });

  /** Every name in `wanted` is offered, and none in `unwanted` (written with a leading '!'). */
  function check(marked: string, ...names: readonly string[]): void {
    it(marked.replace(chip, '').replace(net, ''), () => {
      const { program, offset, text } = at(marked);
      const offers = completionsAt(program, uri, offset, testHost({ [uri]: text }));
      const labels = offers.map((one) => one.label);
      for (const name of names) {
        if (name.startsWith('!')) expect(labels).not.toContain(name.slice(1));
        else expect(labels).toContain(name);
      }
      if (names.length === 0) expect(labels).toEqual([]);
      expect(new Set(labels).size).toBe(labels.length);
      for (const one of offers) expect(one.start <= offset && offset <= one.end).toBe(true);
    });
  }

  check('|', 'npu', 'model', 'import', 'let', 'scenario', '!clock');
  check('np|', 'npu');
  check('npu A {\n  |\n}', 'clock', 'array', 'HBM', 'mode', '!model', '!rows');
  check('npu A {\n  clock: 1 GHz\n  |\n}', 'residency', '!clock');
  check('npu A {\n  |\n', 'clock', 'array');
  check('npu A { array { | } }', 'rows', 'dataflow', '!clock');
  check('npu A { array { dataflow: | } }', 'weight-stationary', 'output-stationary', '!rows');
  check('npu A { array { dataflow: we|', 'weight-stationary');
  check('npu A { mode | }', 'base', 'burst');
  check('npu A { mode burst { precision: | } }', 'int8', 'bf16', 'fp8', 'mxfp4');
  check('npu A { mode burst { weights: | } }', 'int4', 'mxfp4', '!reduction');
  check('npu A { mode burst { weights: int4(|) } }', 'group', 'zero bits');
  check('npu A { mode burst { weights: int4 { | } } }', 'group', 'scale bits', '!weights');
  check('npu A { mode burst { | } }', 'weights', 'activations', 'KV', 'accumulation', 'products');
  check('model M { accuracy { | } }', 'bf16', 'fp8', 'w4a16');
  check('model M { sparsity: | }', 'two-of-four');
  // A complete unit is not offered again, so the Enter key ends the line.
  check('let peak = 24000 rps|');
  check('let peak = 24000 rp|', 'rps');
  check('npu A { HBM { capacity: 4 G|', 'GB', 'GiB');
  check('npu A { HBM { bandwidth: 4 GB| } }', 'GB/s', '!GB');
  check('npu A { clock: 1 | }', 'GHz', 'Hz', '!ms', '!GB/s');
  check('npu A { HBM { bandwidth: 600 G| } }', 'GB/s', '!GHz', '!GB');
  check(`${chip}npu B extends |`, 'C', '!M');
  check(`${chip}npu B | { }`, 'extends');
  check(`let fast = 1 GHz\nnpu A { clock: | }`, 'fast', '1.05 GHz');
  check('let a = 1\nlet b = 2 * |', 'a');
  check('model M { layers { | } }', 'conv', 'relu', 'residual', 'repeat', '!input');
  check('block B(f) { relu }\nmodel M { layers { a: | } }', 'conv');
  check('block B(f) { relu }\nmodel M { layers { relu, | } }', 'B', 'conv');
  check('model M { input: 8, layers { a: dense(8), add { inputs: [|] } } }', 'a', 'input');
  check('model M { input: 8, layers { a: dense(8), sum: add { inputs: [|] } } }', 'a', 'input', '!sum');
  check('model M { input: 8, layers { a: dense(8), sum: add { inputs: [a, |] } } }', 'a', 'input', '!sum');
  check('model M { layers { conv { | } } }', 'kernel', 'filters', 'inputs');
  check('model M { layers { c: conv { padding: | } } }', 'same', 'valid');
  check('model M { layers { residual { shortcut { | } } } }', 'conv');
  check(`${chip}${net}scenario S { npu: | }`, 'C', '!M');
  check(`${chip}${net}scenario S { serve | }`, 'M', '!C');
  check(`${chip}${net}scenario S { serve M { | } }`, 'arrivals', 'batch', 'slo');
  check(`${chip}${net}scenario S { serve M { arrivals: | } }`, 'poisson', 'trace');
  check(`${chip}${net}scenario S { serve M { arrivals: poisson(100 |) } }`, 'rps', '!ms');
  check(`${chip}${net}scenario S { serve M { arrivals: bursty(|) } }`, 'low', 'quiet');
  check(`${chip}${net}scenario S { serve M { slo { | } } }`, 'p99 latency', 'accuracy', 'goodput');
  check(`${chip}${net}scenario S { serve M { slo { p99 | } } }`, 'latency');
  check(`${chip}${net}scenario S { serve M { slo { p99 latency <= 15 | } } }`, 'ms', 'us', '!rps');
  check(`${chip}${net}scheduler Q { }\nscenario S { compare: [C with |] }`, 'Q', 'always', '!C');
  check(`${chip}${net}scenario S { compare: [|] }`, 'C', 'always');
  check('scheduler Q { burst: | }', 'slack', 'never', 'queue');
  check('scheduler Q { burst: slack { | } }', 'guard', 'hold');
  check('scheduler Q { switch at: | }', 'layer', 'request');
  check(`${chip}explore E { | }`, 'vary', 'maximize', 'subject to area', 'subject to power');
  check(`${chip}explore E { vary C.| }`, 'HBM', 'clock');
  check(`${chip}explore E { vary C.HBM.| }`, 'bandwidth', '!residency');
  check('explore E { maximize | }', 'capacity', 'energy');
  check('import "|"', 'stimpack/tpuv4i', 'stimpack/resnet50');
  check('import "stim|', 'stimpack/tpuv4i');
  check('// npu |');
  check('let a = "|"');

  it('never throws, for any cursor and any text', () => {
    const text = `${chip}${net}scheduler Q { burst: slack { guard: 5 % } }\nscenario S { npu: C, serve M as A { arrivals: bursty(1 rps, high: 2 rps), slo { p99 latency <= 15 ms } } compare: [C with Q] }\nexplore E { scenario: S, vary C.HBM.bandwidth in [1 GB/s] }`;
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(text.length), fc.nat(30), (cursor, cut, length) => {
        const broken = text.slice(0, cut) + text.slice(cut + length);
        const host = testHost({ [uri]: broken });
        const program = compile(uri, host);
        const offset = Math.min(cursor, broken.length);
        completionsAt(program, uri, offset, host);
        hoverAt(program, uri, offset);
        signatureAt(program, uri, offset);
        definitionAt(program, uri, offset);
        referencesAt([], program, uri, offset);
        pathAt(parse(broken, uri), offset);
        outline(parse(broken, uri));
        folds(parse(broken, uri));
      }),
      { numRuns: 500 },
    );
  });
});

describe('completion of what is being written', () => {
  function check(marked: string, ...expected: readonly string[]): void {
    it(marked.replace(chip, ''), () => {
      const { program, offset, text } = at(marked);
      const labels = completionsAt(program, uri, offset, testHost({ [uri]: text })).map((one) => one.label);
      expect(labels.filter((label) => /^[A-Z]$|^[a-z]$|^at$/u.test(label))).toEqual(expected);
    });
  }
  check(`${chip}npu A extends |`, 'C');
  check(`${chip}npu A extends | { clock: 1 GHz }`, 'C');
  check('let a = 3\nlet b = |', 'a');
  check('let a = 3\nlet b = a * |', 'a');
  check('let c = 3\nblock B(f, g: 2) { dense { outputs: f * | } }', 'f', 'g', 'c');
  check('let c = 3\nblock B(f) { relu }\nmodel M { input: 8, layers { dense { outputs: | } } }', 'c');
  check('scheduler Q { switch | }', 'at');
});

describe('hover', () => {
  function check(marked: string, ...parts: readonly string[]): void {
    it(marked.replace(chip, '').replace(net, ''), () => {
      const { program, offset } = at(marked);
      const hover = hoverAt(program, uri, offset);
      for (const part of parts) expect(hover?.markdown).toContain(part);
      if (parts.length === 0) expect(hover).toBeUndefined();
    });
  }
  check('npu A { cl|ock: 1 GHz }', '**clock**', 'a frequency', 'required');
  check('npu A { array { pre|load: hidden } }', 'Default: `hidden`', 'Gemmini');
  check('npu A { array { preload: hid|den } }', 'double buffering');
  check('npu A { ar|ray { } }', 'systolic');
  check(`${chip}npu B extends |C { }`, 'A small chip.', 'npu C', '1 x (8 x 8)');
  check('let fast = 2 * 500 MHz\nnpu A { clock: fa|st }', 'let fast = 2 * 500 MHz', '1 GHz');
  check(
    `${chip}model M { input: 8 x 8 x 3, layers { co|nv { kernel: 3, filters: 4 } } }`,
    'conv1',
    '8 x 8 x 3 → **6 x 6 x 4**',
  );
  check(
    `${chip}${net}scenario S { npu: C, serve |M { arrivals: poisson(1 rps) } }`,
    '2 layers, 8 x 8 x 3 to 6 x 6 x 4',
  );
  check(
    `scenario S { serve M { slo { p9|9 latency <= 1 ms } } }`,
    '**p99**',
    '99 % of the requests finish within this time',
  );
  check(`scenario S { serve M { slo { me|an latency <= 1 ms } } }`, 'average');
  check('npu A { mode burst { precision: mx|fp4 } }', 'MX blocks', '4.25 bits');
  check('npu A { mode burst { weights: in|t4(128) } }', 'Scaled 4-bit integers', 'group');
  check('npu A { mode burst { weights: int4(group|: 128) } }', 'share one scale');
  check(
    `${chip}npu D extends C { mode base { precision: bf16, weights: int4(128) } }\nnpu B extends |D { }`,
    'base bf16 with weights in int4 in groups of 128, burst none',
  );
  check(
    `${chip}${net}scenario S { npu: C, serve M { arrivals: burs|ty(6000 rps, 12000 rps, quiet: 90 ms, busy: 30 ms) } }`,
    'Mean rate: 7,500 rps',
  );
  check('// no|thing');
  check('import "stimpack/stim|pack"', '- npu `Stimpack`', 'stimpack/stimpack.npu');
  it('a name shows its value, not its parts', () => {
    const { program, offset } = at('let a = 3 ms\nlet b = a| * 2');
    expect(hoverAt(program, uri, offset)?.markdown).toBe('```npu\nlet a = 3 ms\n```');
  });
});

describe('names', () => {
  /** The definition at the cursor and all references, as texts with their offsets. */
  function check(marked: string, definition: number, references: readonly number[]): void {
    it(marked.replace(chip, ''), () => {
      const { program, offset } = at(marked);
      expect(definitionAt(program, uri, offset)?.start).toBe(definition);
      expect(referencesAt([], program, uri, offset).map((one) => one.start)).toEqual(references);
    });
  }
  check('let a = 1\nlet b = |a + a', 4, [4, 18, 22]);
  check('let |a = 1\nlet b = a', 4, [4, 18]);
  check('block B(f) { dense(f) }\nmodel M { input: 8, layers { |B(4) } }', 6, [6, 53]);
  check('block B(f) { dense(|f) }\nmodel M { input: 8, layers { B(4) } }', 8, [8, 19]);
  check('model M { input: 8, layers { a: dense(8), b: dense(8), add { inputs: [|a, b] } } }', 29, [29, 70]);

  it('are found across files', () => {
    const other = 'file:///b.npu';
    const host = testHost({ [uri]: 'import "./b.npu"\nlet b = n', [other]: 'let n = 1' });
    const program = compile(uri, host);
    expect(definitionAt(program, uri, 25)).toEqual({ uri: other, start: 4, end: 5 });
    expect(definitionAt(program, uri, 10)).toEqual({ uri: other, start: 0, end: 0 });
    expect(referencesAt([compile(uri, host)], compile(other, host), other, 4).map((one) => one.uri)).toEqual([
      uri,
      other,
    ]);
  });
});

describe('the rest', () => {
  it('outline', () => {
    const show = (entry: OutlineEntry): string => `${entry.kind} ${entry.name}(${entry.children.map(show).join(' ')})`;
    const text =
      'let a = 1\nnpu B extends C { mode base { precision: bf16 } }\nmodel M { layers { c: conv(3, 4), relu } }\nscenario S { serve M { slo { p99 latency<=1ms } } }\nmodle';
    expect(outline(parse(text, uri)).map(show)).toEqual([
      'let a()',
      'npu B(part base(property precision()))',
      'model M(part layers(layer c() layer relu()))',
      'scenario S(part M(part slo(constraint p99 latency <= 1 ms())))',
      'part modle()',
    ]);
  });

  it('folds', () => {
    const text = 'import "a"\nimport "b"\n// one\n// two\nnpu A {\n  array { rows: 1 }\n}\n/* x\n*/';
    expect(
      folds(parse(text, uri)).map((one) => `${one.kind} ${text.slice(one.start, one.end).split('\n').length}`),
    ).toEqual(['imports 2', 'comment 2', 'block 3', 'comment 2']);
  });

  it('signatures', () => {
    const { program, offset } = at(`${chip}${net}scenario S { serve M { arrivals: bursty(1 rps, |) } }`);
    expect(signatureAt(program, uri, offset)).toMatchObject({ label: 'bursty(low, high, quiet, busy)', active: 1 });
    const block = at('block B(f, g: 2) { dense(f) }\nmodel M { input: 8, layers { B(1, g: |) } }');
    expect(signatureAt(block.program, uri, block.offset)).toMatchObject({ label: 'B(f, g: 2)', active: 1 });
    const none = at('let a = (1 + |2)');
    expect(signatureAt(none.program, uri, none.offset)).toBeUndefined();
  });

  it('semantic tokens', () => {
    const { program, text } = at('// c\nlet a = 1 GHz\nnpu B { clock: a, array { dataflow: weight-stationary } }|');
    const file = program.files.get(uri);
    const shown =
      file === undefined
        ? []
        : semanticTokens(file).map(
            (one) => `${one.type}${one.isDeclaration ? '!' : ''}:${text.slice(one.start, one.end)}`,
          );
    expect(shown.join(' ')).toBe(
      'comment:// c keyword:let variable!:a number:1 number:GHz keyword:npu class!:B property:clock variable:a keyword:array property:dataflow enumMember:weight-stationary',
    );
  });

  it('shape hints', () => {
    const { program, text } = at(
      'block B(f) { dense(f), relu }\nmodel M { input: 8, layers { dense(16), B(4), B(4), B(6), softmax } }|',
    );
    expect(
      shapeHints(program, uri).map((one) => `${text.slice(0, one.offset).match(/\S+$/u)?.[0]} ${one.text}`),
    ).toEqual(['dense(16) 16', 'softmax 6']);
    const last = text.lastIndexOf('softmax');
    expect(shapeHints(program, uri, last, text.length).map((one) => one.text)).toEqual(['6']);
    expect(shapeHints(program, uri, 0, last)).toEqual(shapeHints(program, uri).slice(0, 1));
  });

  it('links to files', () => {
    const { program, text } = at(
      'model A from "a.onnx"\nmodel B from "b/c.csv" as "x"\nnpu C { note: "d" }\n' +
        'scenario S { serve A { arrivals: trace("e.csv", "f") } serve B { arrivals: "g" } }|',
    );
    const file = program.files.get(uri);
    const links = file === undefined ? [] : fileLinks(file);
    expect(links.map(({ start, end }) => text.slice(start, end))).toEqual(['a.onnx', 'b/c.csv', 'e.csv']);
    expect(links.map((link) => link.uri.split('/').at(-1))).toEqual(['a.onnx', 'c.csv', 'e.csv']);
  });

  it('a long doc comment is shortened, from its first line on', () => {
    const tree = parse(`/// One.\n${'/// And more.\n'.repeat(10_000)}let a = 1`, uri);
    const [item] = tree.root.items;
    const text = item && docComment(tree, item);
    expect([text?.startsWith('One.\nAnd more.\n'), text?.endsWith('…'), text?.length]).toEqual([true, true, 5001]);
  });

  it.each([
    ['npu A {\n}', '6-9 block'],
    ['npu A { }', ''],
    ['npu A {\r}', '6-9 block'],
    ['npu A { /* \n */ }', '6-17 block, 8-15 comment'],
    ['let a = [1,\n 2]\nlet b = [1]', '8-15 block'],
    ['let a = (\n(1) + [2])', '8-20 block'],
    ['\nnpu A { x: (1) }\n', ''],
  ])('brackets fold if a line break is between them: %j', (text, expected) => {
    const shown = folds(parse(text, uri)).map(({ start, end, kind }) => `${start}-${end} ${kind}`);
    expect(shown.join(', ')).toBe(expected);
  });

  it('doc comments', () => {
    const tree = parse('/// One.\n/// Two.\nlet a = 1\n\n/// Far.\n\nlet b = 2', uri);
    expect(tree.root.items.map((item) => docComment(tree, item))).toEqual(['One.\nTwo.', undefined]);
  });

  it('paths', () => {
    const text = 'npu A { array { rows: 1 } }';
    expect(pathAt(parse(text, uri), text.indexOf('1')).map((node) => node.kind)).toEqual([
      'body',
      'statement',
      'body',
      'statement',
      'body',
      'property',
      'quantity',
    ]);
  });
});
