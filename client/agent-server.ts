import * as vscode from 'vscode';

/** The id in package.json, `mcpServerDefinitionProviders`. */
const providerId = 'stimpack.agents';

/** The part of VS Code's API (1.101 and later) that registers MCP servers. The types of the oldest version that we support do not have it. */
interface AgentApi {
  readonly McpStdioServerDefinition?: new (
    label: string,
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    version: string,
  ) => object;
  readonly lm?: {
    readonly registerMcpServerDefinitionProvider?: (
      id: string,
      provider: { readonly provideMcpServerDefinitions: () => readonly object[] },
    ) => vscode.Disposable;
  };
}

/**
 * Offers the MCP server to agents in VS Code. Does nothing where VS Code has no such API. The server is part of the npm package, so npx fetches
 * the package of this version at the first start, after VS Code has asked the user.
 */
export function registerAgentServer(
  { extension }: vscode.ExtensionContext,
  { McpStdioServerDefinition: Definition, lm }: AgentApi = vscode as AgentApi,
): vscode.Disposable {
  if (Definition === undefined || lm?.registerMcpServerDefinitionProvider === undefined) {
    return new vscode.Disposable(() => undefined);
  }
  const { version } = extension.packageJSON as { readonly version: string };
  const server = new Definition('Stimpack', 'npx', ['--yes', `stimpack@${version}`, 'mcp'], {}, version);
  return lm.registerMcpServerDefinitionProvider(providerId, { provideMcpServerDefinitions: () => [server] });
}
