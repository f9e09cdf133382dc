import type { Exploration, ExplorationResult, ExploreAnswer, ExploreRequest } from '../../../protocol/index.ts';
import { assertNever, unpack } from '../../../protocol/index.ts';

/** An exploration that was started, and its newest state. Its result stays when it is stopped, fails or becomes stale. */
export interface Asked {
  readonly request: ExploreRequest;
  readonly phase: 'running' | 'done' | 'gone' | 'failed';
  readonly fraction: number;
  readonly message: string | null;
  readonly result: ExplorationResult | null;
}

export function askedNow(request: ExploreRequest): Asked {
  return { request, phase: 'running', fraction: 0, message: null, result: null };
}

export function answered(asked: Asked | undefined, request: ExploreRequest, answer: ExploreAnswer): Asked {
  const result = sameRequest(asked?.request, request) ? (asked?.result ?? null) : null;
  switch (answer.kind) {
    case 'running': {
      const found = answer.result === null ? result : unpack<ExplorationResult>(answer.result);
      return { request, phase: 'running', fraction: answer.fraction, message: null, result: found };
    }
    case 'done':
      return {
        request,
        phase: 'done',
        fraction: 1,
        message: null,
        result: unpack<ExplorationResult>(answer.result),
      };
    case 'failed':
      return { request, phase: 'failed', fraction: 0, message: answer.message, result };
    case 'gone':
      return { request, phase: 'gone', fraction: 0, message: null, result: answer.forgotten ? null : result };
    default:
      return assertNever(answer);
  }
}

function sameRequest(a: ExploreRequest | undefined, b: ExploreRequest): boolean {
  return a !== undefined && a.uri === b.uri && a.hash === b.hash && a.exploration === b.exploration;
}

/** Whether the result belongs to another text: another chip or traffic, or another exploration. */
export function isStale(asked: Asked, exploration: Exploration, hash: string | null): boolean {
  if (asked.request.hash !== hash) return true;
  return asked.result !== null && sweepText(asked.result.exploration) !== sweepText(exploration);
}

/** The designs and goals of an exploration, without their places in the source. */
function sweepText({ scenario, axes, goals }: Exploration): string {
  return JSON.stringify([
    scenario,
    axes.map(({ path, values }) => [path, values]),
    goals.map(({ sense, measure }) => [sense, measure]),
  ]);
}

/** The exploration of the result. If it is unchanged, its current version, whose places in the source are up to date. */
export function currentExploration(asked: Asked | undefined, exploration: Exploration): Exploration {
  const found = asked?.result?.exploration;
  return found === undefined || sweepText(found) === sweepText(exploration) ? exploration : found;
}
