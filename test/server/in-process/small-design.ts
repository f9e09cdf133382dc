import type { Scenario } from '../../../design/index.ts';
import { type FileHost, openProgram } from '../../../engine/index.ts';

export const uri = 'file:///small.npu';

/** A chip, a network, a scenario with two variants of its load, and an exploration of six designs. */
export const smallText = (load = '100 rps', widths = '16, 32, 64'): string => `npu Chip {
  clock: 1 GHz
  array { rows: 16, columns: 16 }
  vector { rate: 64 operations/cycle }
  VMEM { capacity: 1 MiB, bandwidth: 1 TB/s }
  HBM { capacity: 1 GB, bandwidth: 100 GB/s }
  mode base { precision: bf16 }
}
model Tiny { input: 8 x 8 x 16, layers { dense { outputs: 10 } } }
scenario Calm {
  npu: Chip
  duration: 100 requests
  serve Tiny { arrivals: poisson(${load}), slo { p99 latency <= 1 s } }
}
explore Sizing {
  scenario: Calm
  vary Chip.array.rows in [${widths}]
  vary Chip.HBM.bandwidth in [50 GB/s, 100 GB/s]
  minimize latency
}
`;

export function programOf(text: string) {
  const host: FileHost = {
    readText: (asked) => (asked === uri ? text : { kind: 'not-found' }),
    readBytes: () => ({ kind: 'not-found' }),
    readTrace: () => ({ kind: 'not-found' }),
    libraryUri: () => undefined,
    libraryNames: () => [],
  };
  const program = openProgram(uri, host);
  const errors = program.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return program;
}

export const scenariosOf = (text: string): readonly Scenario[] => programOf(text).design.scenarios;
