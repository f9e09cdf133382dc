/*
 * The entry of dist/npm/mcp.cjs, which only the npm package contains: code of other packages that is too large for the extension.
 * A command loads it when it needs it, so that no other command waits for it.
 */

export { serveTools } from '../agents/serve-tools.ts';
export { parquetBytes } from './parquet-writer.ts';
