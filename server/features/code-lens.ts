import type { CodeLens, Connection, ServerCapabilities } from 'vscode-languageserver/node';
import { outline } from '../../language/index.ts';
import { type FeatureContext, fileOf, rangeOf } from './context.ts';

export const codeLensCapabilities: ServerCapabilities = { codeLensProvider: {} };

interface Offer {
  readonly title: string;
  readonly command: string;
}

/** What a scenario and an exploration offer above their first line. */
const offers: Readonly<Record<'scenario' | 'explore', readonly Offer[]>> = {
  scenario: [
    { title: '$(play) Simulate', command: 'stimpack.run' },
    { title: '$(dashboard) Find capacity', command: 'stimpack.capacity' },
    { title: '$(graph-line) Compare', command: 'stimpack.openPanel' },
  ],
  explore: [{ title: '$(telescope) Explore', command: 'stimpack.explore' }],
};

/** Only commands that the client says it has: a lens that does nothing is worse than none. */
export function registerCodeLens(connection: Connection, context: FeatureContext): void {
  connection.onCodeLens(({ textDocument: { uri } }): CodeLens[] => {
    const found = fileOf(context, uri);
    if (found === undefined) return [];
    const { commands } = context.client();
    return outline(found.file.tree).flatMap((entry) => {
      if (entry.kind !== 'scenario' && entry.kind !== 'explore') return [];
      const range = rangeOf(found.file.lines, { start: entry.nameStart, end: entry.nameEnd });
      return offers[entry.kind]
        .filter(({ command }) => commands.has(command))
        .map(({ title, command }) => ({ range, command: { title, command, arguments: [uri, entry.name] } }));
    });
  });
}
