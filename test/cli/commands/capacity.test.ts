import { describe, expect, test } from 'vitest';
import { renderCapacityReport } from '../../../cli/render/capacity-report.ts';
import { plainLook } from '../../../cli/terminal.ts';
import type { Capacity } from '../../../design/index.ts';
import { capacityResult } from '../hand-made.ts';
import { engineThat, smallProgram } from '../small-program.ts';

const { stimpack } = smallProgram();

describe('capacity', () => {
  test('shows the interval, the reason for its end, and the loads that were tried', async () => {
    const { code, out, err } = await stimpack('capacity good.npu');
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toContain('meets all objectives up to 2,500 rps (1.25x the load as written)');
    expect(out).toContain(
      'violates one from 3,000 rps (1.5x the load as written) on: p99 latency <= 15 ms of ResNet50 breaks first',
    );
    expect(out).toContain('not monotone: smaller loads violate an objective as well (200 rps)');
  });

  test('reports that overload limits it, or that an objective is undecided', () => {
    const ended = (changes: Partial<Capacity>) =>
      renderCapacityReport({ ...capacityResult(1.25), ...changes }, plainLook);
    const overload = { offeredRps: 3000, saturationRps: 2900, periodSeconds: 86_400 };
    expect(ended({ overload })).toContain(
      'on: at the peak of each period of 24 h 3,000 rps arrive, but the chips can complete at most 2,900 rps',
    );
    const { limit } = capacityResult(1.25);
    expect(ended({ limit: limit && { ...limit, verdict: 'undecided' } })).toContain(
      'on: p99 latency <= 15 ms of ResNet50 is undecided there',
    );
  });

  test('a load as written above the capacity gives exit code 1', async () => {
    expect((await stimpack('capacity good.npu', engineThat('violated'))).code).toBe(1);
  });

  test('--exit-zero gives exit code 0 for it', async () => {
    const { code, out } = await stimpack('capacity good.npu --exit-zero', engineThat('violated'));
    expect(code).toBe(0);
    expect(out).toBe((await stimpack('capacity good.npu', engineThat('violated'))).out);
    expect((await stimpack('capacity broken.npu --exit-zero')).code).toBe(2);
  });

  test('JSON has the interval and the loads that were tried', async () => {
    const { code, out, err } = await stimpack('capacity good.npu --format json');
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({
      command: 'capacity',
      exitCode: 0,
      scenarios: [
        {
          scenario: 'Rush',
          met: { factor: 1.25, offeredLoadRps: 2500, verdict: 'met' },
          violated: { factor: 1.5, offeredLoadRps: 3000 },
          limit: { serve: 'ResNet50', slo: 'p99 latency <= 15 ms' },
          exceptions: [{ factor: 0.1 }],
        },
      ],
    });
  });

  test('with a memory that is too small, no load is met, and the loads are those of a larger memory', async () => {
    const { code, out } = await stimpack('capacity small.npu --format json');
    const { scenarios, diagnostics } = JSON.parse(out);
    const [{ met, violated, limit, probes, caveats }] = scenarios;
    expect([code, diagnostics[0].code, met.offeredLoadRps]).toEqual([2, 'memory-too-small', 2500]);
    expect([met, violated, limit, ...probes].map(({ verdict }) => verdict)).toEqual(
      Array.from({ length: 3 + probes.length }, () => 'undecided'),
    );
    expect(caveats[0]).toMatchObject({ code: 'memory-too-small', effect: 'any' });
    expect((await stimpack('capacity small.npu')).out).toContain('undecided until the caveats below are accepted');
  });

  test('a scenario without an objective is an error', async () => {
    const { code, err } = await stimpack('capacity good.npu --scenario Imported');
    expect(code).toBe(2);
    expect(err).toContain('Imported has no objective');
  });

  test('an unknown scenario is an error', async () => {
    const { code, err } = await stimpack('capacity good.npu --scenario Rsh');
    expect(code).toBe(2);
    expect(err).toContain("no scenario is called 'Rsh'");
  });
});
