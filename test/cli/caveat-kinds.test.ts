import { beforeAll, describe, expect, test } from 'vitest';
import type { CaveatCode } from '../../design/index.ts';
import { realProgram, tinyDesign } from './real-program.ts';

/*
 * Every report shows the caveats of every kind that the text of a design or of a trace can cause, in the same words. The end of a run in a
 * trace has its test in caveats-shown.test.ts, caveats of networks in files have theirs in formats/, and those of searches in capacity.test.ts.
 */

const { stimpack, write } = realProgram();

const rows = (head: string, row: (index: number) => string, count = 60): string =>
  [head, ...Array.from({ length: count }, (_, index) => row(index))].join('\n');
/** An uneven time in seconds. */
const at = (index: number, step = 0.1): string => ((index + ((index * 7) % 5) / 10) * step).toFixed(6);
const day = (index: number): string => `2024-05-10T00:00:${String(index).padStart(2, '0')}.5`;

const traces: readonly (readonly [CaveatCode, string])[] = [
  ['trace-rows', rows('timestamp_s', (i) => (i === 30 ? 'x' : at(i)))],
  ['trace-column', rows('sent_at,received_at', (i) => `${at(i, 0.01)},${at(i)}`)],
  ['trace-unit', rows('time', (i) => String(7 * i + (i % 3)))],
  ['trace-unsorted', rows('timestamp_s', (i) => at((i * 2) % 60))],
  ['trace-resolution', rows('timestamp_s', (i) => String(i >> 3))],
  ['trace-counts', rows('timestamp_s,requests', (i) => `${at(i)},${2 + (i % 4)}`)],
  ['trace-events', rows('timestamp_s,event', (i) => `${at(i)},${i % 2 ? 'SUBMIT' : 'FINISH'}`)],
  ['trace-gap', rows('timestamp_s', (i) => (i === 199 ? '1e9' : at(i)), 200)],
  ['trace-zone', rows('time', (i) => `${day(i)}${i % 2 ? 'Z' : ''}`)],
  ['trace-midnight', rows('time', (i) => (i < 30 ? `23:59:${10 + i}.5` : `00:00:${10 + i - 30}.5`))],
];
const language = `import "stimpack/tpuv4i"
model Chat {
  input: tokens
  layers {
    embedding { rows: 100, width: 64 }
    attention { heads: 4, cache: yes }
    last-token
    dense { outputs: 100 }
  }
}
scenario Calm {
  npu: TPUv4i
  duration: 200 requests
  serve Chat { ARRIVALS, slo { p50 latency <= 5 s } }
}
`;
const narrow = `npu Chip {
  clock: 1 GHz
  array { rows: 16, columns: 16 }
  vector { rate: 64 operations/cycle }
  VMEM { capacity: 640 B, bandwidth: 1 TB/s }
  HBM { capacity: 1 GB, bandwidth: 100 GB/s }
  mode base { precision: bf16 }
}
model Net {
  input: 16 x 32
  layers { last: dense { outputs: 16 } }
}
scenario Calm {
  npu: Chip
  duration: 4000 requests
  serve Net { arrivals: poisson(100 rps), slo { p99 latency <= 1 s } }
}
`;
const designs: readonly (readonly [CaveatCode, string])[] = [
  ['small-vmem', narrow],
  [
    'short-prompts',
    language.replace('ARRIVALS', 'arrivals: poisson(1 rps), tokens { in: lognormal(mean: 300), out: 2, shared: 128 }'),
  ],
  ['drawn-tokens', language.replace('ARRIVALS', 'arrivals: offline(200), tokens { in: lognormal(mean: 300), out: 2 }')],
];

beforeAll(() => {
  for (const [code, text] of traces)
    write({
      [`${code}.csv`]: text,
      [`${code}.npu`]: tinyDesign.replace('poisson(load)', `trace("${code}.csv")`),
    });
  for (const [code, text] of designs) write({ [`${code}.npu`]: text });
});

/** A report with blanks and escapes as in the original text. */
function plain(report: string): string {
  const entities = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&#39;': "'", '&amp;': '&' };
  let text = report.replaceAll('\\"', '"').replaceAll('%25', '%');
  for (const [entity, character] of Object.entries(entities)) text = text.replaceAll(entity, character);
  return text.replace(/\s+/gu, ' ');
}

describe.each([...traces, ...designs].map(([code]) => code))('the caveat %s', (code) => {
  let texts: readonly string[] = [];

  beforeAll(async () => {
    const { out } = await stimpack('run', `${code}.npu`, '--format', 'json');
    const { scenarios } = JSON.parse(out) as { scenarios: { caveats: { code: string; text: string }[] }[] };
    texts = scenarios.flatMap(({ caveats }) => caveats.filter((one) => one.code === code).map(({ text }) => text));
  });

  test.each(['text', 'junit', 'sarif', 'github'])('is in the report of a run as %s', async (format) => {
    const { out } = await stimpack('run', `${code}.npu`, '--format', format);
    expect(texts).toHaveLength(1);
    expect(plain(out)).toContain(texts[0]);
  });

  test('is a diagnostic of a check', async () => {
    const { out, err } = await stimpack('check', `${code}.npu`);
    expect(plain(out + err)).toContain(texts[0]);
  });
});
