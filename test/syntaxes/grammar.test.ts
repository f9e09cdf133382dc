import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fileBlocks, layerSchemas, structureSchemas } from '../../language/schema/index.ts';
import { joinedUnits, unitNames } from '../../language/units/index.ts';

const grammar = 'syntaxes/npu.tmLanguage.json';
const directory = mkdtempSync(join(tmpdir(), 'npu-grammar-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** What vscode-tmgrammar-test says of files with assertions; '' where all hold. */
function complaints(files: string): string {
  const tool = 'node_modules/vscode-tmgrammar-test/dist/unit.js';
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, '-c', '-g', grammar, files], {
    encoding: 'utf8',
  });
  return status === 0 ? '' : stdout + stderr;
}

/** Each line with one word in «» that must have a scope. */
function assertionsOf(lines: readonly string[], scope: string): string {
  const file = join(directory, `${scope}.npu`);
  const body = lines.flatMap((marked) => {
    const from = marked.indexOf('«');
    const length = marked.indexOf('»') - from - 1;
    return [marked.replace(/[«»]/g, ''), `//${' '.repeat(from - 2)}${'^'.repeat(length)} ${scope}`];
  });
  writeFileSync(file, [`// SYNTAX TEST "source.npu" "${scope}"`, ...body, ''].join('\n'));
  return complaints(file);
}

test('the assertions in the .npu files of this folder hold', () => {
  expect(complaints('test/syntaxes/*.npu')).toBe('');
});

// The grammar cannot import the language's tables: these tests keep it in step with them.
test('every unit of the language is a unit of the grammar', () => {
  const units = [...unitNames, ...joinedUnits.map((unit) => unit.name)];
  expect(units.length).toBeGreaterThan(30);
  expect(
    assertionsOf(
      units.map((unit) => `  value: 12 «${unit}»`),
      'keyword.other.unit.npu',
    ),
  ).toBe('');
});

test('every kind of layer is one of the grammar', () => {
  const kinds = layerSchemas.map((schema) => schema.keyword);
  expect(
    assertionsOf(
      kinds.map((kind) => `  «${kind}» { kernel: 3 }`),
      'support.function.layer.npu',
    ),
  ).toBe('');
  expect(
    assertionsOf(
      kinds.map((kind) => `  label: «${kind}»`),
      'support.function.layer.npu',
    ),
  ).toBe('');
});

test('every structure of layers is one of the grammar', () => {
  const lines = structureSchemas.map((schema) => `  «${schema.keyword}» { }`);
  expect(assertionsOf(lines, 'keyword.control.structure.npu')).toBe('');
});

test('every declaration is one of the grammar', () => {
  const lines = fileBlocks.map((schema) => `   «${schema.keyword}» Name {`);
  expect(assertionsOf(lines, 'storage.type.npu')).toBe('');
});

test('the grammar and the manifest name one scope', () => {
  const { scopeName } = JSON.parse(readFileSync(grammar, 'utf8'));
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(manifest.contributes.grammars).toContainEqual({ language: 'npu', scopeName, path: `./${grammar}` });
});
