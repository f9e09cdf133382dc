import type { Command } from '../command.ts';

export const lspCommand: Command = {
  name: 'lsp',
  summary: 'start the language server for an editor',
  description:
    'Starts the language server on standard input and output. Editors other than VS Code run this command: docs/editors.md has the ' +
    'configuration for Neovim, Helix, Emacs and Zed. It ends when the editor ends.',
  positional: { name: 'NOTHING', many: false, optional: true, help: 'the command takes no argument' },
  options: [
    { name: 'stdio', help: 'accepted, because many editors pass it; standard input and output are always used' },
  ],
  examples: ['stimpack lsp --stdio'],
  run: (_, { startLanguageServer }) => startLanguageServer(),
};
