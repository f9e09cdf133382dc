import { expect } from 'vitest';
import type { Diagnostic } from '../../design/index.ts';
import { compile, parse } from '../../language/index.ts';
import { testHost } from './host.ts';

/** A text whose expected ranges are between ⟦ and ⟧. */
export interface Marked {
  readonly text: string;
  readonly ranges: readonly (readonly [number, number])[];
}

export function readMarks(marked: string): Marked {
  const ranges: (readonly [number, number])[] = [];
  const open: number[] = [];
  let text = '';
  for (const character of marked) {
    if (character === '⟦') open.push(text.length);
    else if (character === '⟧') ranges.push([open.pop() ?? 0, text.length]);
    else text += character;
  }
  return { text, ranges: ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1]) };
}

/** Writes diagnostics as marks and messages, for the comparison and for the output of a failing test. */
function show(diagnostics: readonly Diagnostic[]): readonly string[] {
  return [...diagnostics]
    .sort((a, b) => a.origin.start - b.origin.start || a.origin.end - b.origin.end)
    .map((one) => `${one.origin.start}..${one.origin.end} ${one.code}: ${one.message}`);
}

/** Checks that the parser finds exactly these errors, `code: message`, at the marks, in the order of the text. */
export function parserFinds(marked: string, ...expected: readonly string[]): void {
  const { text, ranges } = readMarks(marked);
  const found = show(parse(text, 'file:///a.npu').diagnostics);
  expect(found).toEqual(expected.map((message, i) => `${ranges[i]?.[0]}..${ranges[i]?.[1]} ${message}`));
}

/** Checks that parser and checker together find exactly these in the root file. */
export function finds(marked: string, ...expected: readonly string[]): void {
  const { text, ranges } = readMarks(marked);
  const uri = 'file:///work.npu';
  const program = compile(uri, testHost({ [uri]: text }));
  const found = show(program.diagnostics.filter((one) => one.origin.uri === uri));
  expect(found).toEqual(expected.map((message, i) => `${ranges[i]?.[0]}..${ranges[i]?.[1]} ${message}`));
}
