export * from './library.ts';
export * from './node-host.ts';
