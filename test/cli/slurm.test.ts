import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

/*
 * `explore --slurm` with programs that replace Slurm's: sbatch runs the elements one after another before it answers. The batch script, the
 * elements, the retries and the merge are real.
 */
const cli = resolve('dist/cli.cjs');
const directory = mkdtempSync(join(tmpdir(), 'npu-slurm-'));
afterAll(() => rmSync(directory, { recursive: true }));

writeFileSync(
  join(directory, 'sizing.npu'),
  `
npu Chip {
  clock: 1 GHz
  array { rows: 128, columns: 128 }
  vector { rate: 2048 operations/cycle }
  VMEM { capacity: 16 MiB, bandwidth: 25 TB/s }
  HBM { capacity: 8 GB, bandwidth: 614 GB/s }
  mode base { precision: bf16 }
}
model Tiny {
  input: 64
  layers { fc: dense { outputs: 1000 } }
}
scenario Quick {
  npu: Chip
  duration: 500 requests
  serve Tiny { arrivals: poisson(100 rps), slo { p99 latency <= 1 s } }
}
explore Sizing {
  scenario: Quick
  vary Chip.HBM.bandwidth in 100 GB/s .. 600 GB/s step 100 GB/s
  minimize latency
}
`,
);

const tools = join(directory, 'tools');
mkdirSync(tools);
function tool(name: string, script: string): void {
  writeFileSync(join(tools, name), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
}
tool('scontrol', 'echo "MaxArraySize            = 5"');
tool('squeue', 'exit 0');
// Elements in the file `dying` fail, once.
tool(
  'sbatch',
  `for arg in "$@"; do case $arg in --array=*) spec=\${arg#--array=};; esac; script=$arg; done
echo "$spec" >> "$SLURM_STATE/submitted"
for range in \${spec//,/ }; do
  for i in $(seq "\${range%-*}" "\${range#*-}"); do
    grep -qx "$i" "$SLURM_STATE/dying" 2>/dev/null || SLURM_ARRAY_TASK_ID=$i SLURM_ARRAY_TASK_COUNT=1 bash "$script" >> "$SLURM_STATE/log" 2>&1
  done
done
rm -f "$SLURM_STATE/dying.once" && [ -e "$SLURM_STATE/once" ] && rm -f "$SLURM_STATE/dying"
echo 4711`,
);

function stimpack(line: string, state = 'state', path = `${tools}:${process.env.PATH ?? ''}`) {
  mkdirSync(join(directory, state), { recursive: true });
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...line.split(' ')], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, PATH: path, SLURM_STATE: join(directory, state), COLUMNS: undefined },
  });
  return { code: status, out: stdout, err: stderr };
}

describe('explore --slurm', () => {
  const local = stimpack('explore sizing.npu --format json');

  test('runs each shard, and reports the same as a local run', () => {
    const { code, out, err } = stimpack('explore sizing.npu --out parts --slurm --array 4 --format json');
    expect(err).toContain('Slurm job 4711 runs shards 1-4 of 4. Its script is parts/Sizing.slurm.');
    expect({ ...JSON.parse(out), command: 'explore' }).toEqual(JSON.parse(local.out));
    expect(code).toBe(local.code);
    expect(readdirSync(join(directory, 'parts')).filter((name) => name.endsWith('.jsonl')).length).toBe(4);
    const again = stimpack('explore sizing.npu --out parts --slurm --array 4 --format json', 'again');
    expect([again.code, again.out]).toEqual([code, out]);
    expect(existsSync(join(directory, 'again/submitted'))).toBe(false);
  });

  test('submits the elements that failed once more, and nothing else', () => {
    mkdirSync(join(directory, 'retry'));
    writeFileSync(join(directory, 'retry/dying'), '1\n3\n4\n');
    writeFileSync(join(directory, 'retry/once'), '');
    const { code, out } = stimpack('explore sizing.npu --out retried --slurm --array 4 --format json', 'retry');
    expect(readFileSync(join(directory, 'retry/submitted'), 'utf8')).toBe('1-4\n1,3-4\n');
    expect({ ...JSON.parse(out), command: 'explore' }).toEqual(JSON.parse(local.out));
    expect(code).toBe(local.code);
  });

  test('an element that fails twice is named', () => {
    mkdirSync(join(directory, 'dead'));
    writeFileSync(join(directory, 'dead/dying'), '2\n');
    const { code, err } = stimpack('explore sizing.npu --out dead-parts --slurm --array 3', 'dead');
    expect(code).toBe(2);
    expect(err).toContain('shards 2 of 3 failed twice');
  });

  test('--dry-run prints the script and submits nothing', () => {
    const { code, out } = stimpack(
      'explore sizing.npu --out dry --slurm --partition short --time 30 --dry-run',
      'dry-state',
    );
    expect(code).toBe(0);
    expect(out).toContain('#SBATCH --array=1-1\n');
    expect(out).toContain('#SBATCH --partition=short\n#SBATCH --time=30\n');
    expect(out).toContain('--shard auto/1 --jobs 1');
    expect(existsSync(join(directory, 'dry-state/submitted'))).toBe(false);
  });

  test.each([
    ['explore sizing.npu --slurm', "'--slurm' needs '--out DIR'"],
    ['explore sizing.npu --out p --slurm --shard 1/2', "cannot be combined with '--shard'"],
    ['explore sizing.npu --time 30', "'--time' needs '--slurm'"],
    ['explore sizing.npu --out p --slurm --array 5', 'allows 4 elements'],
    ['explore sizing.npu --out p --slurm --partition a;b --array 2', "'--partition' cannot be 'a;b'"],
    ['explore sizing.npu --shard auto/4', 'none of them is set'],
  ])('%s is bad input', (line, message) => {
    const { code, err } = stimpack(line, 'bad');
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test('without Slurm, the message says so and names the script', () => {
    const { code, err } = stimpack('explore sizing.npu --out none --slurm --array 2', 'none-state', '/nowhere');
    expect(code).toBe(2);
    expect(err).toContain('sbatch is not installed here');
    expect(err).toContain('none/Sizing.slurm');
  });
});

test('GNU parallel gives each shard its number', ({ skip }) => {
  const version = spawnSync('parallel', ['--version'], { encoding: 'utf8' });
  if (!(version.stdout ?? '').startsWith('GNU parallel')) skip('GNU parallel is not installed');
  const command = `${process.execPath} ${cli} explore sizing.npu --shard auto/3 --out parallel-parts`;
  execFileSync('bash', ['-c', `seq 3 | parallel -n0 '${command}'`], { cwd: directory });
  expect(stimpack('merge parallel-parts --format csv').out).toBe(stimpack('explore sizing.npu --format csv').out);
});
