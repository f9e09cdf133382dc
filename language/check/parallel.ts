import type { Model, Scenario, SequenceServe, TensorParallel } from '../../design/index.ts';
import { nameNotes, parallelMessages } from '../messages/index.ts';
import type { Reporter } from './reporter.ts';
import type { Settings } from './settings.ts';

/** The chips that divide a language model. undefined: one chip, or an error. */
export function parallelOf(serve: Settings, model: Model, reporter: Reporter): TensorParallel | undefined {
  const settings = serve.block('parallel');
  const chips = settings?.optionalNumber('tensor');
  if (settings === undefined || chips === undefined || chips === 1) return undefined;
  const origin = settings.origin('tensor');
  const counts = dividedCounts(model);
  const failing = counts.find(({ count }) => count % chips !== 0);
  if (failing === undefined) return { chips, origin };
  const possible = commonDivisors(counts.map(({ count }) => count)).map(String);
  const note = nameNotes.kindDeclaredHere({ kind: 'model', name: model.name }).text;
  reporter.report(origin, parallelMessages.notDivisible({ chips, model: model.name, ...failing, possible }), {
    related: [{ message: note, origin: model.origin }],
  });
  return undefined;
}

interface DividedCount {
  readonly layer: string;
  readonly part: string;
  readonly count: number;
}

/** The counts of a network that `tensor` must divide, because each chip gets an equal share. */
function dividedCounts({ layers }: Model): readonly DividedCount[] {
  return layers.flatMap(({ name, operation }) => {
    switch (operation.kind) {
      case 'attention':
        return [
          { layer: name, part: 'key-value heads', count: operation.keyValueHeads },
          { layer: name, part: 'heads', count: operation.heads },
        ];
      case 'feed-forward':
        return [{ layer: name, part: 'hidden features', count: operation.width }];
      default:
        return [];
    }
  });
}

/** The whole numbers that divide every count, ascending. */
function commonDivisors(counts: readonly number[]): readonly number[] {
  const smallest = Math.min(...counts);
  const found: number[] = [];
  for (let divisor = 1; divisor <= Math.min(smallest, MOST_CHIPS); divisor++) {
    if (counts.every((count) => count % divisor === 0)) found.push(divisor);
  }
  return found;
}

/** The largest value of `tensor` in `language/schema/parallel.ts`. */
const MOST_CHIPS = 256;

/** Reports chips that have no link to others although the network is divided among several of them. */
export function reportMissingLinks({ npu, compare }: Scenario, serve: SequenceServe, reporter: Reporter): void {
  const { parallel } = serve.sequences;
  if (parallel === undefined) return;
  const { chips, origin } = parallel;
  const note = (name: string): string => nameNotes.kindDeclaredHere({ kind: 'npu', name }).text;
  const places = [{ chip: npu, origin }, ...compare.map((variant) => ({ chip: variant.npu, origin: variant.origin }))];
  for (const { chip, origin: place } of places) {
    if (chip.link !== undefined || (chip === npu && place !== origin)) continue;
    reporter.report(place, parallelMessages.noLink({ npu: chip.name, chips }), {
      related: [{ message: note(chip.name), origin: chip.origin }],
    });
  }
}
