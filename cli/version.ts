/** The bundler inserts it from package.json. Undefined if the source runs directly. */
declare const stimpackVersion: string | undefined;

export const version = typeof stimpackVersion === 'string' ? stimpackVersion : '(from source)';
