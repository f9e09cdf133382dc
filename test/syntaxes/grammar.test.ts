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

/** The problems that vscode-tmgrammar-test reports for files with assertions; '' if there are none. */
function complaints(files: string): string {
  const tool = 'node_modules/vscode-tmgrammar-test/dist/unit.js';
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, '-c', '-g', grammar, files], {
    encoding: 'utf8',
  });
  return status === 0 ? '' : stdout + stderr;
}

/** Writes a file in which the word in «» of each line must have the scope. */
function writeAssertions(name: string, lines: readonly string[], scope: string): void {
  const body = lines.flatMap((marked) => {
    const from = marked.indexOf('«');
    const length = marked.indexOf('»') - from - 1;
    return [marked.replace(/[«»]/g, ''), `//${' '.repeat(from - 2)}${'^'.repeat(length)} ${scope}`];
  });
  writeFileSync(join(directory, `${name}.npu`), [`// SYNTAX TEST "source.npu" "${name}"`, ...body, ''].join('\n'));
}

test('the assertions in the .npu files of this folder are true', () => {
  expect(complaints('test/syntaxes/*.npu')).toBe('');
});

// The grammar cannot import the language's tables: this test keeps it in step with them. One process checks all files.
test('each unit, kind of layer, structure and declaration of the language is one of the grammar', () => {
  const units = [...unitNames, ...joinedUnits.map((unit) => unit.name)];
  expect(units.length).toBeGreaterThan(30);
  const kinds = layerSchemas.map((schema) => schema.keyword);
  const structures = structureSchemas.map((schema) => schema.keyword);
  const declarations = fileBlocks.map((schema) => schema.keyword);
  const layer = 'support.function.layer.npu';
  writeAssertions(
    'units',
    units.map((unit) => `  value: 12 «${unit}»`),
    'keyword.other.unit.npu',
  );
  writeAssertions(
    'layers',
    kinds.map((kind) => `  «${kind}» { kernel: 3 }`),
    layer,
  );
  writeAssertions(
    'labels',
    kinds.map((kind) => `  label: «${kind}»`),
    layer,
  );
  writeAssertions(
    'structures',
    structures.map((name) => `  «${name}» { }`),
    'keyword.control.structure.npu',
  );
  writeAssertions(
    'declarations',
    declarations.map((name) => `   «${name}» Name {`),
    'storage.type.npu',
  );
  expect(complaints(join(directory, '*.npu'))).toBe('');
});

test('the grammar and the manifest name one scope', () => {
  const { scopeName } = JSON.parse(readFileSync(grammar, 'utf8'));
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(manifest.contributes.grammars).toContainEqual({ language: 'npu', scopeName, path: `./${grammar}` });
});
