import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface EnterRule {
  readonly beforeText: { readonly pattern: string };
  readonly afterText?: { readonly pattern: string };
  readonly previousLineText?: { readonly pattern: string };
  readonly action: { readonly indent: string; readonly appendText?: string; readonly removeText?: number };
}

const configuration: {
  readonly wordPattern: { readonly pattern: string; readonly flags: string };
  readonly indentationRules: { readonly increaseIndentPattern: string; readonly decreaseIndentPattern: string };
  readonly onEnterRules: readonly EnterRule[];
} = JSON.parse(readFileSync('syntaxes/language-configuration.json', 'utf8'));

describe('words: what a double click selects and completion replaces', () => {
  const { pattern, flags } = configuration.wordPattern;
  test.each([
    ['clock: 1.05 GHz', ['clock', '1.05', 'GHz']],
    ['bandwidth: 614 GB/s', ['bandwidth', '614', 'GB/s']],
    ['rate: 128 elements/cycle', ['rate', '128', 'elements/cycle']],
    ['source: on-chip', ['source', 'on-chip']],
    ['p99.9 latency <= 20 ms', ['p99.9', 'latency', '20', 'ms']],
    ['Stimpack.CMEM.capacity', ['Stimpack', 'CMEM', 'capacity']],
    ['a - b', ['a', 'b']],
    ['3 x 3', ['3', 'x', '3']],
    ['2 µs + 1e-3 s', ['2', 'µs', '1e-3', 's']],
    ['bf16: 76.47 %', ['bf16', '76.47', '%']],
    ['größe: 1_000', ['größe', '1_000']],
  ])('%s', (line, words) => {
    expect(line.match(new RegExp(pattern, `${flags}g`))).toEqual(words);
  });
});

describe('indentation', () => {
  const { increaseIndentPattern, decreaseIndentPattern } = configuration.indentationRules;
  test.each([
    ['npu A {', true],
    ['npu A { // an npu', true],
    ['compare: [', true],
    ['model M from "a{.onnx"', false],
    ['batch { max: 8 }', false],
    ['// npu A {', false],
    ['clock: 1 GHz', false],
    ['slo { p99 latency <= 5 ms } }', false],
    ['serve A { slo {', true],
  ])('more behind %s: %s', (line, expected) => {
    expect(new RegExp(increaseIndentPattern).test(line)).toBe(expected);
  });
  test.each([
    ['}', true],
    ['  ]', true],
    ['clock: 1 GHz }', false],
  ])('less at %s: %s', (line, expected) => {
    expect(new RegExp(decreaseIndentPattern).test(line)).toBe(expected);
  });
});

describe('what Enter adds', () => {
  function added(before: string, after = '', previous = ''): string | undefined {
    const rule = configuration.onEnterRules.find(
      (each) =>
        new RegExp(each.beforeText.pattern).test(before) &&
        (each.afterText === undefined || new RegExp(each.afterText.pattern).test(after)) &&
        (each.previousLineText === undefined || new RegExp(each.previousLineText.pattern).test(previous)),
    );
    return rule?.action.appendText;
  }
  test.each([
    ['a doc comment goes on', '/// A chip', '', '', '/// '],
    ['a plain comment does not', '// A chip', '', '', undefined],
    ['four slashes are no doc comment', '//// A chip', '', '', undefined],
    ['inside an open block comment', '/* A chip', ' */', '', ' * '],
    ['a block comment goes on', ' * more', '', '/* A chip', '* '],
    ['a closed block comment does not', '/* A chip */', '', '', undefined],
    ['a product is no comment', 'let a = 3', '', '', undefined],
  ])('%s', (_, before, after, previous, expected) => {
    expect(added(before, after, previous)).toBe(expected);
  });
});
