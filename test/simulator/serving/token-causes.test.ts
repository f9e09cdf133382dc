import { describe, expect, it } from 'vitest';
import { breakdownParts, type TokenCause, type TokenTime } from '../../../design/index.ts';
import type { RunInput, ServeInput } from '../../../simulator/serving/index.ts';
import { poisson } from './fixtures.ts';
import { constant, MILLISECOND, runTokens, type Steps, tokenSlo } from './token-fixtures.ts';

/* Each cause of a violated time to first token or time per token, in a scenario that produces it. */

interface Case {
  readonly of: TokenTime;
  readonly steps: Steps;
  readonly rps: number;
  readonly limit: number;
  /** The late requests spend at least this part of their time on the cause. */
  readonly share: number;
  readonly burst?: RunInput['burst'];
  readonly switchSeconds?: number;
}

const long = constant(1500);

const cases: Readonly<Partial<Record<TokenCause, Case>>> = {
  slots: {
    of: 'ttft',
    steps: { limits: { sequences: 2 }, base: { fixed: 5 * MILLISECOND } },
    rps: 14,
    limit: 0.02,
    share: 0.5,
  },
  blocks: {
    of: 'ttft',
    steps: { limits: { blocks: 17 }, base: { fixed: 5 * MILLISECOND } },
    rps: 14,
    limit: 0.02,
    share: 0.5,
  },
  budget: {
    of: 'ttft',
    steps: { in: long, out: constant(1), base: { perToken: MILLISECOND / 20 }, limits: { tokens: 1500 } },
    rps: 10,
    limit: 0.2,
    share: 0.4,
  },
  ownPrompt: {
    of: 'ttft',
    steps: { in: long, base: { perToken: MILLISECOND / 20 } },
    rps: 0.5,
    limit: 0.05,
    share: 0.9,
  },
  otherAnswers: {
    of: 'ttft',
    steps: { in: constant(4000), base: { fixed: 20 * MILLISECOND, perToken: 1e5 }, out: constant(200) },
    rps: 2,
    limit: 0.02,
    share: 0.7,
  },
  weights: {
    of: 'tpot',
    steps: { base: { weights: 20 * MILLISECOND, perToken: 1e6 } },
    rps: 2,
    limit: 0.01,
    share: 0.9,
  },
  sequences: {
    of: 'tpot',
    steps: { base: { fixed: 1e8, perSequence: MILLISECOND } },
    rps: 40,
    limit: 0.001,
    share: 0.3,
  },
  kvCache: {
    of: 'tpot',
    steps: { in: long, base: { fixed: 1e8, perContext: 1e6 } },
    rps: 2,
    limit: 0.001,
    share: 0.8,
  },
  otherPrompts: {
    of: 'tpot',
    steps: { in: long, out: constant(1000), base: { fixed: 1e7, perToken: MILLISECOND / 20 } },
    rps: 6,
    limit: 0.0001,
    share: 0.35,
  },
  preemption: {
    of: 'tpot',
    steps: {
      in: constant(16),
      out: constant(120),
      limits: { blocks: 12, prefixCaching: false },
      base: { fixed: MILLISECOND },
    },
    rps: 6,
    limit: 0.0012,
    share: 0.2,
  },
  switching: {
    of: 'tpot',
    steps: { base: { fixed: 1e7 }, burst: { fixed: 1e7 }, limits: { sequences: 1 }, out: constant(200) },
    rps: 3,
    limit: 1e-5,
    share: 0.5,
    burst: { kind: 'queue', threshold: 1 },
    switchSeconds: 0.05,
  },
};

describe('the cause of a violated objective', () => {
  it.each(Object.entries(cases))('%s', (cause, { of, steps, rps, limit, share, burst, switchSeconds }) => {
    const serve: Partial<ServeInput> = { arrivals: poisson(rps), slos: [tokenSlo(of, 0.9, limit)] };
    const options: Partial<RunInput> = {
      ...(burst === undefined ? {} : { burst }),
      ...(switchSeconds === undefined ? {} : { switchLatencySeconds: switchSeconds }),
    };
    const [outcome] = runTokens(steps, serve, options).serve.slos;
    const breakdown = outcome?.breakdown;
    if (breakdown == null) throw new Error('no breakdown');
    const parts = breakdownParts(breakdown);
    expect(outcome?.verdict).toBe('violated');
    expect(breakdown.ofLate).toBe(true);
    expect(parts.find(({ kind }) => kind === cause)?.fraction).toBeGreaterThan(share);
    if (share > 0.25) expect(parts[0]?.kind).toBe(cause);
  });
});
