export * from './library.ts';
export * from './node-host.ts';
export * from './panel-files.ts';
export * from './write-file.ts';
