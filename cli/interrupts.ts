import { type ExitCode, exitCodes } from './exit-code.ts';

/** Exit codes as shells give them: 128 and the signal's number. */
const exitCodeOfSignal = {
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
  SIGHUP: exitCodes.hungUp,
} as const satisfies Partial<Record<NodeJS.Signals, ExitCode>>;

type StopSignal = keyof typeof exitCodeOfSignal;
const stopSignals = Object.keys(exitCodeOfSignal) as readonly StopSignal[];

/** How a user stops long work. */
export interface Interrupts {
  /** Does work that a signal stops: `stop` is aborted then, and the work returns what it has. */
  during<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T>;
  /** The exit code for the signal that stopped some work; undefined where none did. */
  readonly exitCode: ExitCode | undefined;
}

/** For callers that nothing interrupts. */
export const noInterrupts: Interrupts = {
  during: (work) => work(new AbortController().signal),
  exitCode: undefined,
};

/**
 * Ctrl-C and the signals of a process manager. They keep their default action (the process ends at once) outside of `during`: the rest of a
 * command computes in the main thread, where no handler could run, and leaves no file half written. A second signal has the default action, too.
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
