import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type Tool } from '@modelcontextprotocol/sdk/types.js';
import type { OfferedTools } from './offered-tools.ts';

/*
 * The only file with the SDK of the Model Context Protocol. It is part of the npm bundle and contains no engine: the program passes its tools.
 */

/** Much less than the usual time limit of clients, which is 60 s in the SDK. Our assumption. */
const aliveMilliseconds = 5000;

/** Offers tools on standard input and output until the client closes them. */
export async function serveTools({ list, call, version, instructions }: OfferedTools): Promise<void> {
  const server = new Server(
    { name: 'stimpack', title: 'Stimpack: NPU design explorer', version },
    {
      capabilities: { tools: {} },
      instructions,
      // The server requests nothing from the user, so no answer needs a validator, which would double the bundle.
      jsonSchemaValidator: {
        getValidator: () => () => ({ valid: false, data: undefined, errorMessage: 'not supported' }),
      },
    },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: list.map((tool) => ({ ...tool, annotations: { readOnlyHint: true, openWorldHint: false } }) as Tool),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal, sendNotification }) => {
    const progressToken = params._meta?.progressToken;
    let progress = 0;
    const report = (): void => {
      progress += 1;
      const notification = {
        method: 'notifications/progress',
        params: { progressToken: progressToken ?? '', progress },
      } as const;
      sendNotification(notification).catch(() => undefined);
    };
    // A client that requests progress receives notifications during a long simulation, so it does not time out.
    const reporting = progressToken === undefined ? undefined : setInterval(report, aliveMilliseconds);
    const answer = await call(params.name, params.arguments ?? {}, signal).finally(() => clearInterval(reporting));
    if (typeof answer === 'string') return { content: [{ type: 'text', text: answer }], isError: true };
    return { content: [{ type: 'text', text: JSON.stringify(answer) }], structuredContent: answer };
  });
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
  });
  const transport = new StdioServerTransport();
  // The transport does not report the end of its input.
  process.stdin.once('end', () => void server.close());
  await server.connect(transport);
  await closed;
}
