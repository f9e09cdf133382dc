/**
 * URI schemes of documents that the server checks and simulates: files on the disk and unsaved documents. In all others (`git:` in a diff
 * editor, `vscode-vfs:`, notebook cells, our own pages) imports cannot be read, and a check would report false errors. These documents get
 * syntax colours only.
 */
export const servedSchemes = ['file', 'untitled'] as const;

export function isServed(uri: string): boolean {
  const scheme = /^[^:]*/u.exec(uri)?.[0].toLowerCase();
  return servedSchemes.some((one) => one === scheme);
}
