import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../../language/index.ts';
import { repository, testHost } from './host.ts';

describe('docs/language.md', () => {
  const examples = [...readFileSync(`${repository}docs/language.md`, 'utf8').matchAll(/```npu\n(.*?)```/gsu)].map(
    (match) => match[1] ?? '',
  );

  it('has examples', () => expect(examples.length).toBeGreaterThan(4));

  for (const [i, text] of examples.entries()) {
    it(`example ${i + 1} is valid`, () => {
      const uri = 'file:///docs.npu';
      expect(compile(uri, testHost({ [uri]: text })).diagnostics.map((one) => one.message)).toEqual([]);
    });
  }
});
