import type { AgentTool } from '../tool.ts';
import { capacityTool } from './capacity.ts';
import { checkTool } from './check.ts';
import { docsTool } from './docs.ts';
import { explainViolationTool } from './explain-violation.ts';
import { exploreTool } from './explore.ts';
import { libraryTool } from './library.ts';
import { runTool } from './run.ts';

/** All tools, in the order in which an agent needs them. */
export const agentTools: readonly AgentTool[] = [
  docsTool,
  libraryTool,
  checkTool,
  runTool,
  explainViolationTool,
  capacityTool,
  exploreTool,
];
