/** Put in by the bundler from package.json; absent where the source runs as it is. */
declare const stimpackVersion: string | undefined;

export const version = typeof stimpackVersion === 'string' ? stimpackVersion : '(from source)';
