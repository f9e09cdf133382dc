import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Schema } from '../json/schema.ts';
import { version } from '../version.ts';
import {
  type AgentServices,
  argumentProblem,
  argumentsOf,
  isRecord,
  type ToolProblem,
  type ToolResult,
} from './tool.ts';
import { agentTools } from './tools/index.ts';

/** The tools as dist/npm/mcp.cjs offers them. It imports only this type, because it must not contain the engine. */
export interface OfferedTools {
  readonly version: string;
  /** How to use the tools, for the agent. */
  readonly instructions: string;
  readonly list: readonly {
    readonly name: string;
    readonly title: string;
    readonly description: string;
    readonly inputSchema: Schema;
    readonly outputSchema: Schema;
  }[];
  /** The structured result, or the problem in words. Throws only if there is a bug in Stimpack. */
  readonly call: (
    name: string,
    given: unknown,
    stop: AbortSignal,
  ) => Promise<{ readonly [key: string]: unknown } | string>;
}

const instructions =
  'Stimpack simulates neural processing units (NPUs) that serve networks under service-level objectives. A design is one .npu text. Read the page ' +
  '"summary" with read_docs before you write one. Check a design before you run it. Report an undecided verdict as undecided, with its reason.';

/** The tools with the services of this process. */
export function offeredTools(services: AgentServices): OfferedTools {
  return {
    version,
    instructions,
    list: agentTools.map(({ name, title, description, inputSchema, outputSchema }) => ({
      name,
      title,
      description,
      inputSchema,
      outputSchema,
    })),
    call: async (name, given, stop) => {
      const tool = agentTools.find((each) => each.name === name);
      if (tool === undefined)
        return `there is no tool '${name}'; there is ${agentTools.map((each) => each.name).join(', ')}`;
      const problem = argumentProblem(tool, given);
      if (problem !== undefined || !isRecord(given)) return problem ?? 'the arguments must be an object';
      const result = await tool.call(argumentsOf(given), services, stop);
      return isProblem(result) ? result.problem : result;
    },
  };
}

function isProblem(result: ToolResult | ToolProblem): result is ToolProblem {
  return typeof result.problem === 'string';
}

type Bundle = { readonly serveTools: (tools: OfferedTools) => Promise<void> };

/** Offers the tools with the SDK in `bundle`, until the client ends. Returns false if this installation does not contain it. */
export async function serveAgents(bundle: string, services: AgentServices): Promise<boolean> {
  if (!existsSync(bundle)) return false;
  const { serveTools } = createRequire(import.meta.filename)(bundle) as Bundle;
  await serveTools(offeredTools(services));
  return true;
}
