import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';

interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** The text of its license file. Undefined if the package has none. */
  readonly text: string | undefined;
}

/** The file that lists the packages in the bundles, as their licenses require. `npm run build` writes it. */
export const noticesFile = 'THIRD-PARTY-NOTICES.txt';

/** The packages of node_modules with at least one byte in an output, by name. */
export function bundledPackages(metafiles: readonly Metafile[]): readonly BundledPackage[] {
  const folders = new Set<string>();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
        const [, folder] = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//u.exec(input) ?? [];
        if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
      }
    }
  }
  return [...folders].map(packageIn).sort((one, other) => (one.name < other.name ? -1 : 1));
}

function packageIn(folder: string): BundledPackage {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const file = readdirSync(folder).find((name) => /^(?:licen[cs]e|copying)(?:\.|$)/iu.test(name));
  const text = file === undefined ? undefined : readFileSync(path.join(folder, file), 'utf8');
  return { name: manifest.name, version: manifest.version, license: manifest.license ?? 'not stated', text };
}

/** The text of the notices. */
export function noticesOf(packages: readonly BundledPackage[]): string {
  const rule = '-'.repeat(80);
  const parts = packages.map(({ name, version, license, text }) =>
    [rule, `${name} ${version} (${license})`, '', (text ?? `License: ${license}`).replaceAll('\r\n', '\n').trim()].join(
      '\n',
    ),
  );
  const head = [
    'Stimpack contains code of the packages below, each under its own license.',
    'This file is generated from the bundles by npm run build.',
  ];
  return `${[head.join('\n'), ...parts].join('\n\n')}\n`;
}

/** The notices in the repository. Undefined if the file does not exist. */
export function writtenNotices(): string | undefined {
  return existsSync(noticesFile) ? readFileSync(noticesFile, 'utf8') : undefined;
}
