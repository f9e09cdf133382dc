import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, test } from 'vitest';

/*
 * `npm run layers` checks that the code obeys the rules. These tests check that the rules agree with the documentation
 * and with the code.
 */

const root = path.join(import.meta.dirname, '..', '..');
const { mayImport: rules } = (await import(pathToFileURL(path.join(root, '.dependency-cruiser.mjs')).href)) as {
  readonly mayImport: Readonly<Record<string, readonly string[]>>;
};

/** The rooms that each row of the map in ARCHITECTURE.md allows, by room. Rows of folders inside a room list none. */
function mapOfArchitecture(): Record<string, readonly string[]> {
  const text = readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8');
  const rows = text.matchAll(/^\| `(\w+)\/` \|.*\| *([^|]*?) *\|$/gmu);
  const noCode = ['library', 'syntaxes', 'rtl'];
  return Object.fromEntries(
    [...rows]
      .map(([, room = '', rooms = '']) => [room, rooms === 'nothing' ? [] : rooms.split(', ')] as const)
      .filter(([room]) => !noCode.includes(room)),
  );
}

/** The rooms that a room's TypeScript files import. */
function importsOf(room: string): readonly string[] {
  const files = readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' });
  const found = files
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [
      ...readFileSync(path.join(root, room, file), 'utf8').matchAll(/(?:from |import\()'(?:\.\.\/)+(\w+)\//gu),
    ])
    .map(([, imported = '']) => imported);
  return [...new Set(found)];
}

test('the map in ARCHITECTURE.md lists the same rooms as the layer rules', () => {
  expect(mapOfArchitecture()).toEqual(rules);
});

describe.each(Object.entries(rules))('the layer rule of %s', (room, allowed) => {
  it('allows only rooms that the code imports', () => {
    const imported = importsOf(room);
    expect(allowed.filter((each) => !imported.includes(each))).toEqual([]);
  });
});

test('npm run layers checks every room that has a rule', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const [, folders = ''] = /^depcruise --config \S+ (.*)$/u.exec(scripts.layers) ?? [];
  expect(folders.split(' ').sort()).toEqual(Object.keys(rules).sort());
});
