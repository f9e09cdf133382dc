import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
}

const lockFile = path.join(import.meta.dirname, '..', '..', 'package-lock.json');
const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
/** All packages except the project itself, which has the empty name. */
const dependencies = Object.entries(packages).filter(([name]) => name !== '');

test('the lock file has a SHA-512 integrity hash for every package', () => {
  expect(dependencies.length).toBeGreaterThan(300);
  expect(dependencies.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/u.test(integrity ?? ''))).toEqual([]);
});

test('the lock file has an exact version for every package and links to no folder', () => {
  expect(dependencies.filter(([, { version, link }]) => version === undefined || link === true)).toEqual([]);
});

test('the lock file names no registry host, so that it installs from any registry', () => {
  expect(dependencies.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});
