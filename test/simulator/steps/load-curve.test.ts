import { describe, expect, it } from 'vitest';
import { compile } from '../../../language/index.ts';
import { loadCurve } from '../../../simulator/index.ts';
import { testHost } from '../../language/host.ts';

const uri = 'file:///load.npu';

/** The curve of a small language model with these objectives. */
function curveOf(slo: string) {
  const text = `import "stimpack/tpuv4i"
  model Chat {
    input: tokens
    layers { embedding { rows: 1000, width: 512 }, attention { heads: 8, cache: yes }, last-token, dense { outputs: 1000 } }
  }
  scenario S {
    npu: TPUv4i
    scheduler { burst: never }
    duration: 200 requests
    serve Chat { arrivals: poisson(10 rps), tokens { in: 300, out: 10 }, batch { sequences: 4 }, slo { ${slo} } }
  }`;
  const { design, diagnostics } = compile(uri, testHost({ [uri]: text }));
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const curve = loadCurve(design.scenarios.at(-1) ?? expect.fail('no scenario'));
  const [serve] = curve?.serves ?? [];
  const [line] = curve?.lines ?? [];
  if (serve === undefined || line === undefined) throw new Error('no curve');
  return { serve, points: line.points };
}

describe('the load curve of a language model shows the objective that exceeds its limit first', () => {
  it.each([
    ['p99 ttft <= 100 us, p95 tpot <= 10 s', 'p99 TTFT', 1e-4],
    ['p99 ttft <= 100 s, p95 tpot <= 1 us', 'p95 TPOT', 1e-6],
    ['p99 ttft <= 1000 s, mean latency <= 100 us', 'mean latency', 1e-4],
    ['throughput >= 1 tokens/s', 'p99 latency', null],
  ])('%s: %s', (slo, measure, limitSeconds) => {
    const { serve, points } = curveOf(slo);
    expect(serve).toMatchObject({ measure, limitSeconds });
    const seconds = points.map(({ latencySeconds }) => latencySeconds);
    expect(seconds.every((value) => value > 0)).toBe(true);
    if (limitSeconds === null) return;
    expect(Math.max(...seconds)).toBeGreaterThan(limitSeconds);
    for (const { verdict, latencySeconds } of points)
      if (verdict === 'met') expect(latencySeconds).toBeLessThanOrEqual(limitSeconds);
  });
});
