/** The order of the steps of `npm test`. */
export interface Placed {
  readonly name: string;
  /** Steps that must pass first. The table lists them before this step. */
  readonly needs: readonly string[];
  /**
   * `compute`: waits for nothing, so it can run in the background of any other step. `vscode`: a person would notice a slow answer of VS
   * Code, and so do its tests, so only computations run beside it. All other steps can run beside each other.
   */
  readonly load?: 'compute' | 'vscode';
}

/**
 * The step that a free lane takes: the first waiting one of the table that can run beside the steps in the other lanes. Undefined if there
 * is none; one of the running steps must end first.
 */
export function nextStep<T extends Placed>(waiting: readonly T[], running: readonly Placed[]): T | undefined {
  return waiting.find(({ load }) => {
    if (load === 'compute') return true;
    return running.every((other) => other.load === 'compute' || (load === undefined && other.load === undefined));
  });
}

/** Runs all steps in a number of lanes. `run` starts a step and returns when it has ended. */
export async function inLanes<T extends Placed>(
  steps: readonly T[],
  lanes: number,
  run: (step: T) => Promise<void>,
): Promise<void> {
  const waiting = [...steps];
  const running = new Map<T, Promise<void>>();
  while (waiting.length > 0 || running.size > 0) {
    const step = running.size < lanes ? nextStep(waiting, [...running.keys()]) : undefined;
    if (step === undefined) {
      await Promise.race(running.values());
      continue;
    }
    waiting.splice(waiting.indexOf(step), 1);
    running.set(
      step,
      run(step).finally(() => running.delete(step)),
    );
  }
}
