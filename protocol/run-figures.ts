import type { ChipArea, RunResult, ServeResult, TokenResult } from '../design/index.ts';

/** A serve without its columns over time. */
export interface ServeFigures extends Omit<ServeResult, 'series' | 'tokens'> {
  readonly tokens?: Omit<TokenResult, 'series' | 'kvOverTime'>;
}

/** The values of a run that a comparison needs: few enough to keep many of them. */
export interface RunFigures {
  readonly label: string;
  readonly seconds: number;
  readonly averageWatts: number | null;
  readonly area?: ChipArea;
  readonly serves: readonly ServeFigures[];
}

export function figuresOf(run: RunResult, label: string): RunFigures {
  return {
    label,
    seconds: run.seconds,
    averageWatts: run.averageWatts,
    ...(run.area === undefined ? {} : { area: run.area }),
    serves: run.serves.map(({ series: _, accuracyOverTime: __, tokens, ...figures }) => {
      if (tokens === undefined) return figures;
      const { series: ___, kvOverTime: ____, ...counted } = tokens;
      return { ...figures, tokens: counted };
    }),
  };
}
