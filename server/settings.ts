/** What a person can set in the editor, as far as the server uses it. */
export interface ServerSettings {
  readonly runOnOpen: boolean;
  /** True if each edit of a document that was run starts a run of the new text. */
  readonly runOnType: boolean;
  readonly inlayHints: boolean;
  readonly codeLenses: boolean;
  /** How many simulations run at the same time. */
  readonly workers: number;
}

/** Each worker is a thread of about 30 MB. More do not help, because one document uses one worker. Our assumption. */
const mostWorkers = 16;

/** Two: a long run in one document does not delay a save in another, and a request for a window does not delay a run. */
export const defaultSettings: ServerSettings = {
  runOnOpen: true,
  runOnType: false,
  inlayHints: true,
  codeLenses: true,
  workers: 2,
};

/**
 * Settings as an editor sends them, either in `initialize` or when they change. A missing or invalid value keeps the one in `known`. `run` is
 * `onSave` or `onType`; clients of earlier versions send `runOnType`.
 */
export function readSettings(value: unknown, known: ServerSettings = defaultSettings): ServerSettings {
  if (typeof value !== 'object' || value === null) return known;
  const given = value as Readonly<Record<string, unknown>>;
  const flag = (name: 'runOnOpen' | 'runOnType' | 'inlayHints' | 'codeLenses'): boolean => {
    const found = given[name];
    return typeof found === 'boolean' ? found : known[name];
  };
  const { run, workers } = given;
  const isWhole = typeof workers === 'number' && Number.isInteger(workers) && workers >= 1;
  return {
    runOnOpen: flag('runOnOpen'),
    runOnType: run === 'onType' || run === 'onSave' ? run === 'onType' : flag('runOnType'),
    inlayHints: flag('inlayHints'),
    codeLenses: flag('codeLenses'),
    workers: isWhole ? Math.min(mostWorkers, workers) : known.workers,
  };
}
