/** A word as a POSIX shell reads it. It is quoted unless it is plain. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A path as a POSIX shell and a command read it: a name that starts with a hyphen would be an option. */
export function shellPath(path: string): string {
  return shellWord(path.startsWith('-') ? `./${path}` : path);
}
