import { expect, test } from 'vitest';
import { type FileHost, openProgram } from '../../engine/index.ts';
import { simulateScenario } from '../../simulator/index.ts';

const uri = 'file:///a.npu';

/**
 * Two tiles of weights need 1 KiB, which is all that a VMEM of 2 KiB can buffer. Inputs and results of 16 rows need 2
 * KiB more.
 */
const chip = (vmem: string): string => `npu Chip {
  clock: 1 GHz
  array { rows: 16, columns: 16 }
  vector { rate: 64 operations/cycle }
  VMEM { capacity: ${vmem}, bandwidth: 1 TB/s }
  HBM { capacity: 1 GB, bandwidth: 100 GB/s }
  mode base { precision: bf16 }
}
`;
const model = (input: string, outputs: number): string => `model Net {
  input: ${input}
  layers { last: dense { outputs: ${outputs} } }
}
`;
const scenario = `scenario S {
  npu: Chip
  duration: 4000 requests
  serve Net { arrivals: poisson(100 rps), slo { p99 latency <= 1 s } }
}
`;

function open(text: string) {
  const host: FileHost = {
    readText: (asked) => (asked === uri ? text : { kind: 'not-found' }),
    readBytes: () => ({ kind: 'not-found' }),
    readTrace: () => ({ kind: 'not-found' }),
    libraryUri: () => undefined,
    libraryNames: () => [],
  };
  return openProgram(uri, host);
}

test.each([
  [
    'warns of a chip that can buffer the weights, but not also the inputs and results',
    '640 B',
    '16 x 32',
    16,
    /^VMEM of Chip has 640 B, .* layer last of Net need 768 B\. .* Enlarge VMEM to 768 B or more/,
  ],
  ['accepts a chip that can buffer weights, inputs and results', '768 B', '16 x 32', 16, null],
  ['warns of a network with one row', '640 B', '1 x 32', 16, /need 768 B/],
  ['accepts a network that is narrower than the array', '640 B', '16 x 4', 4, null],
  [
    'gives another message for a chip that cannot buffer the weights',
    '600 B',
    '16 x 16',
    16,
    /^The VMEM of 600 B is too small for one array/,
  ],
] as const)('the check %s', (_, vmem, input, outputs, says) => {
  const text = chip(vmem) + model(input, outputs) + scenario;
  const { diagnostics, design } = open(text);
  const found = diagnostics.filter(({ code }) => code === 'small-vmem');
  expect(found.map(({ severity }) => severity)).toEqual(says === null ? [] : ['warning']);
  if (says !== null) expect(found[0]?.message).toMatch(says);
  // The simulator computes the time as if the tiles fitted, so the verdict is undecided.
  const run = design.scenarios[0] && simulateScenario(design.scenarios[0])?.main;
  expect(run?.caveats.map(({ code }) => code)).toEqual(says === null ? [] : ['small-vmem']);
  const [outcome] = run?.serves[0]?.slos ?? [];
  expect([outcome?.verdict, outcome?.undecided]).toEqual(says === null ? ['met', undefined] : ['undecided', 'caveat']);
});
