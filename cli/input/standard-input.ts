import { readLimits } from '../../engine/index.ts';
import type { CommandContext } from '../command.ts';
import type { InputFile } from '../input-file.ts';
import { standardInputName, standardInputUri } from '../source-text.ts';

/** The design on standard input, as a file in the working directory that need not exist. */
export async function readStandardInput({ terminal, readStandardInput: read }: CommandContext): Promise<InputFile> {
  const name = standardInputName;
  const bytes = await read();
  if (bytes.length > readLimits.npu) {
    const message = `standard input is larger than ${readLimits.npu} bytes, the limit of a .npu file`;
    return { kind: 'problem', name, code: 'unreadable-file', message };
  }
  if (bytes.subarray(0, 8192).includes(0) || !isUtf8(bytes)) {
    return {
      kind: 'problem',
      name,
      code: 'not-text',
      message: 'standard input is not UTF-8 text; pass the text of a .npu file',
    };
  }
  return { kind: 'file', name, uri: standardInputUri(terminal.directory), bytes };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
