import type { CodeLens } from 'vscode-languageserver/node';
import { outline } from '../../language/index.ts';
import { fileOf, rangeOf } from './context.ts';
import type { Feature, FeatureParts } from './feature.ts';

interface Offer {
  readonly title: string;
  readonly command: string;
}

/** The lenses above a scenario's first line. `compared` has the names of its `compare` variants. */
function scenarioOffers(compared: readonly string[]): readonly Offer[] {
  const [only] = compared;
  const others = compared.length === 1 && only !== undefined ? only : `${compared.length} others`;
  return [
    { title: '$(play) Simulate', command: 'stimpack.run' },
    { title: '$(dashboard) Find capacity', command: 'stimpack.capacity' },
    only === undefined
      ? { title: '$(graph-line) Results', command: 'stimpack.openPanel' }
      : { title: `$(graph-line) Compare with ${others}`, command: 'stimpack.compare' },
  ];
}

const exploreOffers: readonly Offer[] = [{ title: '$(telescope) Explore', command: 'stimpack.explore' }];

/** Offers only commands that the client announced, because a lens that does nothing is worse than no lens. */
export const codeLenses: Feature = {
  capabilities: { codeLensProvider: {} },
  register: registerCodeLens,
};

function registerCodeLens({ connection, context }: FeatureParts): void {
  connection.onCodeLens(({ textDocument: { uri } }): CodeLens[] => {
    const found = fileOf(context, uri);
    if (found === undefined) return [];
    const { commands } = context.client();
    return outline(found.file.tree).flatMap((entry) => {
      if (entry.kind !== 'scenario' && entry.kind !== 'explore') return [];
      const range = rangeOf(found.file.lines, { start: entry.nameStart, end: entry.nameEnd });
      const scenario = found.program.design.scenarios.find(
        ({ name, origin }) => name === entry.name && origin.uri === uri,
      );
      const offers =
        entry.kind === 'explore' ? exploreOffers : scenarioOffers((scenario?.compare ?? []).map(({ label }) => label));
      return offers
        .filter(({ command }) => commands.has(command))
        .map(({ title, command }) => ({ range, command: { title, command, arguments: [uri, entry.name] } }));
    });
  });
}
