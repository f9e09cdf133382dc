import { diagnosticCodes } from '../../design/index.ts';
import type { Command } from '../command.ts';

/** What the argument of a command can be. Without extensions, only folders. */
export type ArgumentValues =
  | { readonly kind: 'files'; readonly extensions: readonly string[] }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'none' };

/** The argument of a command, by its name in the help. */
export function filePattern({ positional }: Command): ArgumentValues {
  switch (positional.name) {
    case 'FILE':
    case 'DESIGN':
      return { kind: 'files', extensions: ['npu'] };
    case 'SOURCE':
      return { kind: 'files', extensions: ['onnx', 'csv', 'cfg'] };
    case 'DIR':
      return { kind: 'files', extensions: [] };
    case 'CODE':
      return { kind: 'words', words: Object.keys(diagnosticCodes).sort() };
    case 'SHELL':
      return { kind: 'words', words: ['bash', 'zsh', 'fish'] };
    default:
      return { kind: 'none' };
  }
}
