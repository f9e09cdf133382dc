import { expect, test } from 'vitest';
import { contentHash, type FileHost, openProgram } from '../../engine/index.ts';
import { createTraceReader } from '../../formats/index.ts';

const uri = 'file:///a.npu';

/** Rows that may represent several requests: the caveat trace-counts. */
const counted = 'time_s,requests\n0,3\n1,4\n2,5\n';

function open(scenario: string, vmem = '1 MiB') {
  const text = `npu C {
  clock: 1 GHz
  array { rows: 16, columns: 16 }
  vector { rate: 64 operations/cycle }
  VMEM { capacity: ${vmem}, bandwidth: 1 TB/s }
  HBM { capacity: 1 GB, bandwidth: 100 GB/s }
  mode base { precision: bf16 }
}
model M {
  input: 64
  layers { dense { outputs: 64 } }
}
scenario S {
  npu: C
${scenario}
}
`;
  const host: FileHost = {
    readText: (asked) => (asked === uri ? text : { kind: 'not-found' }),
    readBytes: () => ({ kind: 'not-found' }),
    readTrace: (_, options) => {
      const reader = createTraceReader(options);
      reader.push(new TextEncoder().encode(counted));
      return reader.end();
    },
    libraryUri: () => undefined,
    libraryNames: () => [],
  };
  const { diagnostics, design } = openProgram(uri, host);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return { text, design, unused: diagnostics.filter(({ code }) => code === 'unused-accept') };
}

const trace = '  serve M { arrivals: trace("a.csv") }';
const poisson = '  serve M { arrivals: poisson(10 rps) }';

test.each<[string, string, readonly string[]]>([
  ['what the trace has', `  accept { trace-counts: yes }\n${trace}`, []],
  ['what the trace does not have', `  accept { trace-unit: yes, trace-counts: yes }\n${trace}`, ['trace-unit']],
  ['several without a trace', `  accept { trace-unit: yes, trace-cut: yes }\n${poisson}`, ['trace-unit', 'trace-cut']],
  ['nothing', `  accept { trace-unit: no }\n${poisson}`, []],
  ['a trace that is cut', `  duration: 1.5 s\n  accept { trace-cut: yes, trace-counts: yes }\n${trace}`, []],
  ['a trace that ends before the run', `  duration: 9 s\n  accept { trace-cut: yes }\n${trace}`, ['trace-cut']],
  ['requests that are cut', `  duration: 2 requests\n  accept { trace-cut: yes }\n${trace}`, []],
  ['more requests than there are', `  duration: 3 requests\n  accept { trace-cut: yes }\n${trace}`, ['trace-cut']],
  ['a trace that is replayed whole', `  accept { trace-cut: yes }\n${trace}`, ['trace-cut']],
  ['tiles that fit', `  accept { small-vmem: yes }\n${poisson}`, ['small-vmem']],
])('a scenario that accepts %s', (_, scenario, expected) => {
  const { text, unused } = open(scenario);
  expect(unused.map(({ message }) => /^'accept \{ ([\w-]+): yes \}' has no effect/.exec(message)?.[1])).toEqual(
    expected,
  );
  for (const { origin, severity, tag } of unused)
    expect([text.slice(origin.start, origin.end), severity, tag]).toEqual(['yes', 'hint', 'unnecessary']);
});

test('the place of an accepted caveat does not change the hash of a scenario', () => {
  const [one, two] = ['', '  // A comment.\n'].map((comment) => {
    const [scenario] = open(`${comment}  accept { trace-counts: yes }\n${trace}`).design.scenarios;
    return contentHash(scenario);
  });
  expect(one).toBe(two);
});
