export { readHuggingFace } from './read-config.ts';
