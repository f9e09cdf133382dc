import { type Arrivals, assertNever, formatNumber, formatRate } from '../../design/index.ts';
import type { LoadParameter } from '../../language/index.ts';
import { roundDown } from './rounding.ts';

/** Arrivals at another rate: the parameters to write, and the text for a title. */
export interface Load {
  readonly parameters: readonly (LoadParameter & { readonly text: string })[];
  /** For example "19,300 rps". */
  readonly says: string;
}

/** The parameters that scale the rate of the arrivals by `share`. */
export function loadAt(arrivals: Exclude<Arrivals, { kind: 'closed' }>, share: number): Load {
  switch (arrivals.kind) {
    case 'poisson':
    case 'constant':
    case 'diurnal':
    case 'loadgen': {
      const rate = roundDown(arrivals.ratePerSecond * share);
      return { parameters: [{ name: 'rate', position: 0, text: `${rate} rps` }], says: formatRate(rate) };
    }
    case 'bursty': {
      const low = roundDown(arrivals.lowRatePerSecond * share);
      const high = roundDown(arrivals.highRatePerSecond * share);
      const parameters = [
        { name: 'low', position: 0, text: `${low} rps` },
        { name: 'high', position: 1, text: `${high} rps` },
      ];
      return { parameters, says: `${formatNumber(low)} to ${formatRate(high)}` };
    }
    case 'trace': {
      const speedup = roundDown(arrivals.speedup * share);
      return {
        parameters: [{ name: 'speedup', position: 1, text: `${speedup} x` }],
        says: `${formatNumber(speedup)} x the trace's speed`,
      };
    }
    default:
      return assertNever(arrivals);
  }
}
