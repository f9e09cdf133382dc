/** Where the tool writes, and what the reader's side can show. Commands see this and never `process`. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** How a human text may look on `out`. */
  readonly look: Look;
  /** For what goes to `err`: diagnostics beside a JSON result, progress. */
  readonly errorLook: Look;
  /** Draws over one line of `err` while long work goes on; null where `err` is no terminal. */
  readonly progress: ((line: string) => void) | null;
  readonly directory: string;
}

export interface Look {
  readonly colour: boolean;
  /** Bars, sparklines and their frames: for eyes, not for pipes. */
  readonly plots: boolean;
  /** Characters beyond ASCII in frames and bars. */
  readonly unicode: boolean;
  /** Columns of text; Infinity in a pipe, where nothing is cut. */
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
 * Colour: NO_COLOR (no-color.org) says never, FORCE_COLOR (force-color.org) says always, else a terminal has it unless it is "dumb".
 * NO_COLOR wins over FORCE_COLOR, and FORCE_COLOR=0 is a no. Width: an exported COLUMNS is somebody's wish and wins over the terminal's own.
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
    // The Linux console's font has no eighth blocks; everything else that is alive has.
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
