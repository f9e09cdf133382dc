/** The outputs of the program and what they can show. Commands use this interface and never `process`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** The style of human-readable text on `out`. */
  readonly look: Look;
  /** The style of text on `err`: diagnostics of a command with a JSON result, and progress. */
  readonly errorLook: Look;
  /** Redraws one line of `err` during long work. Null if `err` is not a terminal. */
  readonly progress: ((line: string) => void) | null;
  readonly directory: string;
}

export interface Look {
  readonly colour: boolean;
  /** Whether to draw bars, sparklines and frames. They are for terminals, and not for pipes. */
  readonly plots: boolean;
  /** Whether frames and bars may use characters beyond ASCII. */
  readonly unicode: boolean;
  /** The number of columns. Infinity in a pipe, where nothing is cut. */
  readonly width: number;
}

export const plainLook: Look = { colour: false, plots: false, unicode: true, width: Number.POSITIVE_INFINITY };

export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

const defaultWidth = 80;
const smallestWidth = 40;

/**
 * Colour: never with NO_COLOR (no-color.org), always with FORCE_COLOR (force-color.org), otherwise on a terminal unless it is "dumb".
 * NO_COLOR has priority over FORCE_COLOR, and FORCE_COLOR=0 means no colour. Width: the environment variable COLUMNS has priority over the
 * width of the terminal, because a user has set it.
 */
export function lookOf(stream: Stream, environment: Environment): Look {
  const terminal = stream.isTTY === true;
  const force = environment.FORCE_COLOR;
  const never = (environment.NO_COLOR ?? '') !== '';
  const forced = force !== undefined && force !== '' && force !== '0' && force !== 'false';
  const refused = force === '0' || force === 'false';
  const colour = !never && !refused && (forced || (terminal && environment.TERM !== 'dumb'));
  return {
    colour,
    plots: terminal,
    // The font of the Linux console has no eighth blocks. All other current terminals have them.
    unicode: environment.TERM !== 'linux',
    width: widthOf(stream, environment, terminal),
  };
}

function widthOf(stream: Stream, environment: Environment, terminal: boolean): number {
  const wish = Number(environment.COLUMNS ?? '');
  if (Number.isInteger(wish) && wish > 0) return Math.max(smallestWidth, wish);
  if (!terminal) return Number.POSITIVE_INFINITY;
  const columns = stream.columns ?? 0;
  return columns > 0 ? Math.max(smallestWidth, columns) : defaultWidth;
}
