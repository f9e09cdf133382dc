import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { startVitest } from 'vitest/node';
import { repositoryFolder } from '../vscode/artifacts.ts';
import type { Fault } from './faults.ts';

export type Outcome =
  | { readonly kind: 'caught'; readonly tests: readonly string[] }
  | { readonly kind: 'survived' }
  | { readonly kind: 'impossible'; readonly reason: string };

/** Runs the tests of a fault with the fault in the code. The file on disk does not change. */
export async function tryFault(fault: Fault): Promise<Outcome> {
  const file = path.join(repositoryFolder, fault.file);
  const parts = readFileSync(file, 'utf8').split(fault.right);
  if (parts.length !== 2) {
    return { kind: 'impossible', reason: `${fault.file} has the text ${parts.length - 1} times, not once` };
  }
  const missing = fault.tests.filter((test) => !existsSync(path.join(repositoryFolder, test)));
  if (missing.length > 0) return { kind: 'impossible', reason: `there is no file ${missing.join(', ')}` };
  const vitest = await startVitest(
    'test',
    [...fault.tests],
    { config: false, root: repositoryFolder, watch: false, reporters: [{}], testTimeout: 120_000 },
    {
      plugins: [
        {
          name: 'fault',
          enforce: 'pre',
          transform: (_code, id) => (id === file ? parts.join(fault.wrong) : undefined),
        },
      ],
    },
  );
  const modules = vitest.state.getTestModules();
  const tests = modules.flatMap((module) =>
    [...module.children.allTests('failed')].map(({ fullName }) => `${module.relativeModuleId}: ${fullName}`),
  );
  const brokenFiles = modules.flatMap((module) => module.errors().map(({ message }) => message));
  await vitest.close();
  // A test file that does not load has caught nothing.
  if (brokenFiles.length > 0) return { kind: 'impossible', reason: brokenFiles.join('; ') };
  return tests.length > 0 ? { kind: 'caught', tests } : { kind: 'survived' };
}
