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

/** As `Interrupts`, of a process. */
export interface ProcessInterrupts extends Interrupts {
  /** The program that read standard output has ended (`| head -1`): stops the work in progress and all later work. */
  readonly readerLeft: () => void;
}

/**
 * Ctrl-C and the signals of a process manager. Outside of `during` they keep their default action: the process ends immediately. The rest of a
 * command runs in the main thread, where no handler could run, and it leaves no file half written. A second signal also has the default
 * action.
 */
export function interruptsOf(target: NodeJS.Process): ProcessInterrupts {
  let exitCode: ExitCode | undefined;
  const underWay = new Set<(code: ExitCode | undefined) => void>();
  return {
    during: async (work) => {
      const controller = new AbortController();
      const stop = (code: ExitCode | undefined): void => {
        exitCode = code;
        release();
        controller.abort();
      };
      const onSignal = (signal: NodeJS.Signals): void => {
        const known = stopSignals.find((each) => each === signal);
        stop(known && exitCodeOfSignal[known]);
      };
      const release = (): void => {
        underWay.delete(stop);
        for (const signal of stopSignals) target.off(signal, onSignal);
      };
      if (exitCode !== undefined) controller.abort();
      else {
        underWay.add(stop);
        for (const signal of stopSignals) target.on(signal, onSignal);
      }
      try {
        return await work(controller.signal);
      } finally {
        release();
      }
    },
    readerLeft: () => {
      exitCode ??= exitCodes.readerLeft;
      for (const stop of underWay) stop(exitCode);
    },
    get exitCode() {
      return exitCode;
    },
  };
}
