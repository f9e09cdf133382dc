import { lspSession } from './lsp-session.ts';
import { mutate, stream } from './mutate.ts';
import { samplesOf, type TargetName, targets } from './targets.ts';

/*
 * Tries inputs of one target in order: `child.ts TARGET SEED FIRST`. It prints the number of each input before it tries
 * it, so that the parent can name the input that hangs or fills the memory, and can create it again from the seed.
 */

export interface ChildMessage {
  readonly kind: 'begins' | 'passed' | 'failed';
  readonly input: number;
  readonly problem?: string;
}

/** The input with a number: the same bytes for the same seed and corpus. */
export function inputOf(target: TargetName | 'lsp', seed: number, input: number): Uint8Array {
  const samples = samplesOf(targets[target === 'lsp' ? 'npu' : target]);
  return mutate(samples, stream(seed * 1_000_003 + input), target === 'lsp' ? 20_000 : 200_000);
}

async function main(name: TargetName | 'lsp', seed: number, first: number): Promise<void> {
  const samples = samplesOf(targets[name === 'lsp' ? 'npu' : name]);
  const session = name === 'lsp' ? await lspSession() : undefined;
  const tell = (message: ChildMessage): void => void process.send?.(message);
  for (let input = first; ; input++) {
    const next = stream(seed * 1_000_003 + input);
    const bytes = mutate(samples, next, name === 'lsp' ? 20_000 : 200_000);
    tell({ kind: 'begins', input });
    try {
      if (name === 'lsp') await session?.exchange(bytes, next);
      else targets[name].check(bytes);
      tell({ kind: 'passed', input });
    } catch (error) {
      tell({ kind: 'failed', input, problem: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
    // Lets the process write its messages, so that the parent reads which input hangs.
    await new Promise((done) => setImmediate(done));
  }
}

if (process.send !== undefined) {
  const [name, seed, first] = process.argv.slice(2);
  process.on('disconnect', () => process.exit(0));
  void main(name as TargetName | 'lsp', Number(seed), Number(first));
}
