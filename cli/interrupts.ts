import { type ExitCode, exitCodes } from './exit-code.ts';

/** Exit codes as shells use them: 128 plus the number of the signal. */
const exitCodeOfSignal = {
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
  SIGHUP: exitCodes.hungUp,
} as const satisfies Partial<Record<NodeJS.Signals, ExitCode>>;

type StopSignal = keyof typeof exitCodeOfSignal;
const stopSignals = Object.keys(exitCodeOfSignal) as readonly StopSignal[];

/** The ways in which a user stops long work. */
export interface Interrupts {
  /** Does work that a signal can stop. The signal aborts `stop`, and the work returns the results that it has. */
  during<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T>;
  /** The exit code for the signal that stopped work. Undefined if none did. */
  readonly exitCode: ExitCode | undefined;
}

/**
 * Ctrl-C and the signals of a process manager. Outside of `during` they keep their default action: the process ends at once. The rest of a
 * command runs in the main thread, where no handler could run, and it leaves no file half written. A second signal also has the default
 * action.
 */
export function interruptsOf(target: NodeJS.Process): Interrupts {
  let received: StopSignal | undefined;
  return {
    during: async (work) => {
      const controller = new AbortController();
      const onSignal = (signal: NodeJS.Signals): void => {
        received = stopSignals.find((each) => each === signal);
        release();
        controller.abort();
      };
      const release = (): void => {
        for (const signal of stopSignals) target.off(signal, onSignal);
      };
      if (received !== undefined) controller.abort();
      else for (const signal of stopSignals) target.on(signal, onSignal);
      try {
        return await work(controller.signal);
      } finally {
        release();
      }
    },
    get exitCode() {
      return received === undefined ? undefined : exitCodeOfSignal[received];
    },
  };
}
