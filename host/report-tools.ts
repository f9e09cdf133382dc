import { createHash } from 'node:crypto';

/** What a page with results needs of the platform: base64 of bytes, and the SHA-256 of a text as UTF-8, in base64. */
export const reportTools = {
  base64: (buffer: ArrayBuffer): string => Buffer.from(buffer).toString('base64'),
  sha256: (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64'),
};
