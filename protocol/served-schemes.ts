/**
 * URI schemes of documents that the server checks and simulates: files on the disk and unsaved documents. In all others (`git:` in a diff
 * editor, `vscode-vfs:`, notebook cells, our own pages) imports cannot be read, and a check would report false errors. These documents get
 * syntax colours only.
 */
export const servedSchemes = ['file', 'untitled'] as const;

/**
 * The same for a server in a browser, which reads every file through the client: folders of a repository (`vscode-vfs:`), of a browser
 * (`file:`), of a test, and of our own page. The other side of a diff editor has other schemes (`git:`, `review:`).
 */
export const browserSchemes = ['file', 'untitled', 'vscode-vfs', 'vscode-test-web', 'memfs', 'playground'] as const;

export function isServed(uri: string): boolean {
  return isOfScheme(uri, servedSchemes);
}

export function isServedInBrowser(uri: string): boolean {
  return isOfScheme(uri, browserSchemes);
}

export function isOfScheme(uri: string, schemes: readonly string[]): boolean {
  const scheme = /^[^:]*/u.exec(uri)?.[0].toLowerCase();
  return schemes.some((one) => one === scheme);
}
