import { describe, expect, it } from 'vitest';
import {
  type BlockSchema,
  compile,
  fileBlocks,
  type PropertySchema,
  replaces,
  type ValueType,
} from '../../language/index.ts';
import { testHost } from './host.ts';

/** Every row of the table, with its path. */
function rows(
  blocks: readonly BlockSchema[],
  path: readonly string[] = [],
): readonly (readonly [string, BlockSchema])[] {
  return blocks.flatMap((block) => {
    const here = [...path, block.keyword];
    const inner = here.length > 6 ? [] : block.blocks;
    return [
      [here.join(' '), block] as const,
      ...rows([...inner, ...block.properties.flatMap((one) => formsOf(one.type))], here),
    ];
  });
}

function formsOf(type: ValueType): readonly BlockSchema[] {
  return type.kind === 'form' ? type.forms : [];
}

const all = rows(fileBlocks);
const properties: readonly (readonly [string, PropertySchema])[] = all.flatMap(([path, block]) =>
  block.properties.map((one) => [`${path} ${one.name}`, one] as const),
);

describe('the schema table', () => {
  it('documents every block and property in sentences', () => {
    for (const [path, block] of all) expect(block.documentation, path).toMatch(/^.{4,}\.$/su);
    for (const [path, one] of properties) expect(one.documentation, path).toMatch(/^.{4,}\.$/su);
  });

  it('gives every default a source', () => {
    for (const [path, one] of properties)
      if (one.default !== undefined) expect(one.default.source.length, path).toBeGreaterThan(2);
  });

  it('has no name twice in one block', () => {
    for (const [path, block] of all) {
      const names = block.properties.map((one) => one.name);
      expect(new Set(names).size, path).toBe(names.length);
      const keywords = block.blocks.map((one) => one.keyword);
      expect(new Set(keywords).size, path).toBe(keywords.length);
    }
  });

  it('requires nothing that has a default', () => {
    for (const [path, one] of properties) expect(one.required === true && one.default !== undefined, path).toBe(false);
  });

  it('is plain data', () => {
    expect(structuredClone(fileBlocks)).toEqual(fileBlocks);
  });
});

/** The blocks of a block, in order or from the last one. Of two that replace each other, only the first one is in the list. */
function compatible(blocks: readonly BlockSchema[], fromLast: boolean): readonly BlockSchema[] {
  const chosen: BlockSchema[] = [];
  for (const one of fromLast ? blocks.toReversed() : blocks) {
    if (!chosen.some((other) => replaces(one, other))) chosen.push(one);
  }
  return chosen;
}

/** A complete program that contains every default and example of the npu, scheduler and scenario rows. */
function written(block: BlockSchema, fromLast: boolean, indent = '  '): string {
  const lines = block.properties.flatMap((one) => {
    const text = one.default?.text ?? one.example;
    return text === undefined || one.type.kind === 'reference' || one.type.kind === 'variants'
      ? []
      : [`${indent}${one.name}: ${text}`];
  });
  const inner = compatible(block.blocks, fromLast).flatMap((one) => {
    if (one.subject.kind === 'reference' || one.content !== 'settings') return [];
    const words = one.subject.kind === 'word' ? one.subject.words.map((word) => ` ${word.name}`) : [''];
    return words.map(
      (word) => `${indent}${one.keyword}${word} {\n${written(one, fromLast, `${indent}  `)}\n${indent}}`,
    );
  });
  return [...lines, ...inner].join('\n');
}

describe('defaults and examples', () => {
  const uri = 'file:///a.npu';
  for (const block of fileBlocks.filter((one) => ['npu', 'scheduler'].includes(one.keyword))) {
    it.each([false, true])(`of ${block.keyword} are valid in their place (from the last block: %s)`, (fromLast) => {
      const text = `${block.keyword} A {\n${written(block, fromLast)}\n}`;
      expect(compile(uri, testHost({ [uri]: text })).diagnostics.map((one) => one.message)).toEqual([]);
    });
  }

  it('of arrivals and burst policies are valid', () => {
    const arrivals = all
      .filter(([path]) => /^scenario serve \S+$/u.test(path))
      .map(([, block]) => block)
      .filter((one) => !['batch', 'tokens', 'kv', 'parallel', 'slo'].includes(one.keyword));
    expect(arrivals.length).toBeGreaterThan(4);
    for (const form of arrivals) {
      const values = form.properties.map((one) => `${one.name}: ${one.default?.text ?? one.example}`).join(', ');
      const text = `import "stimpack/stimpack"\nimport "stimpack/resnet50"\nscenario S { npu: Stimpack, serve ResNet50 { arrivals: ${form.keyword}(${values}), batch { max: 8 } } }`;
      expect(
        compile(uri, testHost({ [uri]: text })).diagnostics.map((one) => one.message),
        form.keyword,
      ).toEqual([]);
    }
  });
});
