import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { libraryNames, repository } from '../language/host.ts';

it('docs/language.md lists every file of the library, and no other', () => {
  const text = readFileSync(`${repository}docs/language.md`, 'utf8');
  const table = text.slice(text.indexOf('| import | declares |'), text.indexOf('All names of a file'));
  const listed = [...table.matchAll(/`(stimpack\/[a-z0-9-]+)`/gu)].map(([, name]) => name);
  expect(listed.sort()).toEqual([...libraryNames].sort());
});
