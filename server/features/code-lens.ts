import type { CodeLens } from 'vscode-languageserver/node';
import { outline } from '../../language/index.ts';
import { fileOf, rangeOf } from './context.ts';
import type { Feature, FeatureParts } from './feature.ts';

interface Offer {
  /** The name of an icon of VS Code. */
  readonly icon: string;
  readonly title: string;
  readonly command: string;
}

/** The lenses above a scenario's first line. `compared` has the names of its `compare` variants. */
function scenarioOffers(compared: readonly string[]): readonly Offer[] {
  const [only] = compared;
  const others = compared.length === 1 && only !== undefined ? only : `${compared.length} others`;
  return [
    { icon: 'play', title: 'Simulate', command: 'stimpack.run' },
    { icon: 'dashboard', title: 'Find capacity', command: 'stimpack.capacity' },
    only === undefined
      ? { icon: 'graph-line', title: 'Results', command: 'stimpack.openPanel' }
      : { icon: 'graph-line', title: `Compare with ${others}`, command: 'stimpack.compare' },
  ];
}

const exploreOffers: readonly Offer[] = [{ icon: 'telescope', title: 'Explore', command: 'stimpack.explore' }];

/** Offers only commands that the client announced, because a lens that does nothing is worse than no lens. */
export const codeLenses: Feature = {
  capabilities: { codeLensProvider: {} },
  register: registerCodeLens,
};

function registerCodeLens({ connection, context }: FeatureParts): void {
  connection.onCodeLens(({ textDocument: { uri } }): CodeLens[] => {
    const found = fileOf(context, uri);
    if (found === undefined || !context.settings().codeLenses) return [];
    const { commands, icons } = context.client();
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
        .map(({ icon, title, command }) => ({
          range,
          command: { title: icons ? `$(${icon}) ${title}` : title, command, arguments: [uri, entry.name] },
        }));
    });
  });
}
