/**
 * Measures the speed of the event loop in one process: `npx tsx bench/serving.bench.ts`. It reports:
 *
 * - requests per second for one network, first come, first served, with all statistics;
 * - requests per second for four networks, earliest deadline first, in batches, with the slack policy switching at layers;
 * - the memory, which does not depend on the number of requests;
 * - the ratio to the same loop in C++ (g++ -O3), if there is a compiler. Its results must be the same;
 * - the ratio to SimPy on M/D/1, if Python has it (Debian: python3-simpy3);
 * - the time of `capacity examples/rush.npu` in a new process of the built command line (`npm run build` first).
 *
 * With one event loop, one network runs at 7 million requests per second and four at 5.5 million. On the same machine, two
 * faster loops for simple cases reached 14 and 7 million. simulator/serving/loop/event-loop.ts explains why they were removed.
 *
 * Rates use processor time, and each is the best of several alternating runs, so other load on the machine has little effect.
 * But the speed of a core on a shared machine varies. Compare four networks with one network and with C++ in the same run, not
 * with the result of another day.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunInput } from '../simulator/serving/index.ts';
import { latencySlo, poisson, run, serve } from '../test/simulator/serving/fixtures.ts';

const REQUESTS = 10_000_000;
const UTILIZATION = 0.7;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

function say(label: string, value: string): void {
  console.log(`${label.padEnd(58)} ${value}`);
}

const million = (perSecond: number) => `${(perSecond / 1e6).toFixed(2)} M/s`;

/** Requests per second of processor time in one run. */
function rateOf(options: Partial<RunInput>, requests: number): number {
  const before = process.cpuUsage();
  run({ ...options, duration: { kind: 'requests', count: requests } });
  const { user, system } = process.cpuUsage(before);
  return requests / ((user + system) / 1e6);
}

const single: Partial<RunInput> = {
  serves: [serve({ layers: 50, arrivals: poisson(UTILIZATION), slos: [latencySlo(0.99, 3)] })],
};

/**
 * Four networks with different service times and deadlines. Their load is 70 % of the saturation of a chip in base
 * mode.
 */
const four: Partial<RunInput> = {
  order: 'edf',
  burst: { kind: 'slack', guardFraction: 0.05, holdSeconds: 2 },
  switchAt: 'layer',
  switchLatencySeconds: 0.001,
  serves: [1, 2, 3, 4].map((n) =>
    serve({
      name: `Net${n}`,
      layers: 40 + 10 * n,
      seconds: 0.5 * n,
      batchCost: (size) => 0.4 + 0.6 * size,
      speedup: 1.8,
      batch: { maxSize: 8, timeoutSeconds: 0 },
      arrivals: poisson((UTILIZATION * 1.4) / 4 / (0.5 * n)),
      slos: [latencySlo(0.99, 10 * n)],
      model: n - 1,
    }),
  ),
};

let one = 0;
let several = 0;
for (let round = 0; round < 8; round++) {
  one = Math.max(one, rateOf(single, REQUESTS / 2));
  several = Math.max(several, rateOf(four, REQUESTS / 2));
}
say('one model, fifo, batch 1, Poisson', `${million(one)}, ${(one / 1e7).toFixed(2)} of 10 M/s`);
const shares = run({ ...four, duration: { kind: 'requests', count: 1_000_000 } }).serves;
say(
  'four models, edf, batches of 8, slack at layers',
  `${million(several)}, ${(several / 5e6).toFixed(2)} of 5 M/s; ${(several / one).toFixed(2)} of one model's`,
);
const bursts = shares.map((each) => `${(100 * each.burstShare).toFixed(1)} %`).join(', ');
say('', `batches of ${shares.map((each) => each.meanBatch.toFixed(2)).join(', ')}; ${bursts} in burst`);

console.log();
for (const requests of [100_000, 1_000_000, 10_000_000]) {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const result = run({ ...single, duration: { kind: 'requests', count: requests } });
  const after = process.memoryUsage();
  const grown = (after.heapUsed + after.arrayBuffers - heapUsed - arrayBuffers) / 2 ** 20;
  const kept = JSON.stringify(result, (_, value) =>
    ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value,
  );
  say(
    `${requests} requests`,
    `${grown.toFixed(1)} MiB more while it ran; the result ${(kept.length / 2 ** 20).toFixed(2)} MiB of JSON`,
  );
}

console.log();
twin();
simpy();
cold();

/** The same loop in C++, with the same events, random numbers and statistics. So its results are the same. */
function twin(): void {
  const folder = mkdtempSync(join(tmpdir(), 'stimpack-twin-'));
  try {
    const program = join(folder, 'twin');
    const built = spawnSync('g++', ['-O3', '-std=c++17', '-o', program, here('serving/twin.cpp')], {
      encoding: 'utf8',
    });
    if (built.status !== 0) {
      say('C++ twin', `not built: ${built.error?.message ?? built.stderr.split('\n')[0]}`);
      return;
    }
    // Alternate with our own loop in short runs, so that other load on the machine affects both.
    let best = 0;
    let ours = 0;
    let theirs = { requestsPerSecond: 0, finished: 0, meanLatencySeconds: 0, late: 0 };
    for (let round = 0; round < 8; round++) {
      ours = Math.max(ours, rateOf(single, REQUESTS / 5));
      theirs = JSON.parse(
        execFileSync(program, [String(REQUESTS / 5), String(UTILIZATION), '1'], { encoding: 'utf8' }),
      );
      best = Math.max(best, theirs.requestsPerSecond);
    }
    const own = run({ ...single, warmupFraction: 0, duration: { kind: 'requests', count: REQUESTS / 5 } }).serves[0];
    const off = Math.abs((own?.latency.mean ?? 0) / theirs.meanLatencySeconds - 1);
    say(
      'the same in C++ (g++ -O3)',
      `${million(best)}; ours, in turns, ${million(ours)}: ${(ours / best).toFixed(2)} of it; the aim is 0.5`,
    );
    say(
      '',
      `mean latencies ${off < 1e-12 ? 'equal' : `differ by ${off}`}, ${own?.counts.completed} and ${theirs.finished} done`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function simpy(): void {
  const script = here('serving/simpy-md1.py');
  const requests = 200_000;
  // A Debian package belongs to the Python of the system, which is not always the first on the path.
  const ran = ['python3', '/usr/bin/python3']
    .map((python) => spawnSync(python, [script, String(requests), String(UTILIZATION), '1'], { encoding: 'utf8' }))
    .find(({ status }) => status === 0);
  if (ran === undefined) {
    say('SimPy', 'not measured: Python has no simpy here (Debian: python3-simpy3)');
    return;
  }
  const theirs = JSON.parse(ran.stdout) as { requestsPerSecond: number; meanLatencySeconds: number };
  const own = run({ ...single, duration: { kind: 'requests', count: REQUESTS } }).serves[0]?.latency.mean ?? 0;
  say(
    'SimPy, M/D/1',
    `${theirs.requestsPerSecond.toFixed(0)} requests/s; ours ${(one / theirs.requestsPerSecond).toFixed(0)} times that`,
  );
  const truth = 1 + UTILIZATION / (2 * (1 - UTILIZATION));
  say('', `mean latency ${theirs.meanLatencySeconds.toFixed(3)}, ours ${own.toFixed(3)}, exactly ${truth.toFixed(3)}`);
}

function cold(): void {
  const program = here('../dist/cli.cjs');
  if (!existsSync(program)) {
    say('capacity of examples/rush.npu', 'not measured: npm run build first');
    return;
  }
  const seconds: number[] = [];
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, [program, 'capacity', here('../examples/rush.npu')], {
      encoding: 'utf8',
    });
    if (status === null || status > 1) throw new Error(`stimpack capacity: ${stderr}`);
    seconds.push((performance.now() - start) / 1000);
  }
  const best = Math.min(...seconds);
  say('capacity of examples/rush.npu, the whole process', `${best.toFixed(2)} s, ${(best / 2).toFixed(2)} of 2 s`);
}
