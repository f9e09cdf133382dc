import type { Command } from '../command.ts';

export const mcpCommand: Command = {
  name: 'mcp',
  summary: 'start an MCP server with tools for agents',
  description:
    'Starts a server of the Model Context Protocol on standard input and output. Its tools check, run, explain and explore designs, list the ' +
    'library, and read the documentation: docs/agents.md has the configuration of clients. It ends when the client ends. Exit codes: 0 at the ' +
    'end, 2 if this installation does not contain the server.',
  positional: { name: 'NOTHING', many: false, optional: true, help: 'the command takes no argument' },
  options: [],
  examples: ['stimpack mcp < messages.jsonl'],
  run: (_, { startAgentServer }) => startAgentServer(),
};
