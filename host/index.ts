export * from './disk-reader.ts';
export * from './git-revision.ts';
export * from './growing-file.ts';
export * from './library.ts';
export * from './node-sources.ts';
export * from './panel-files.ts';
export * from './shipped-files.ts';
export * from './write-file.ts';
