import type { Scenario } from '../../design/index.ts';
import { BlockReader } from './blocks.ts';
import { Builder } from './builder.ts';
import type { Files } from './files.ts';
import type { NetworkSource } from './networks.ts';
import { Reporter } from './reporter.ts';
import { reaches, type Trial } from './variation.ts';

/**
 * Builds scenarios of a program with other values, with the same rules as for written values. `written` has built everything that no value
 * changes. A trial adds no facts to the files.
 */
export function trialsOf(written: Builder, files: Files): Trial {
  return (declaration, variation) => {
    const reporter = new Reporter();
    const imports = written.imports.reportingTo(reporter);
    const reader = new BlockReader(reporter, imports, variation.lets, written.reader);
    const network: NetworkSource = (model, read) =>
      reaches(model, variation.lets) ? variation.model(model, read) : written.model(model);
    const builder = new Builder(reader, imports, network, variation);
    const scenario = withoutFacts(files, () => builder.scenario(declaration));
    const error = reporter.diagnostics.find(({ severity }) => severity === 'error');
    if (error === undefined && scenario !== undefined) return { kind: 'scenario', scenario };
    return { kind: 'problem', message: error?.message ?? 'these values make no design' };
  };
}

function withoutFacts(files: Files, build: () => Scenario | undefined): Scenario | undefined {
  const act = [...files.byUri.values()].reduce(
    (inner, { facts }) =>
      () =>
        facts.without(inner),
    build,
  );
  return act();
}
