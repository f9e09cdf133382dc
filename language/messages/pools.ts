import { type MessageRegistry, message, words } from '../../design/index.ts';

/** Chips of several kinds behind one queue. */
export const poolMessages = {
  missingChip: message('missing-name', "Expected the name of an npu after 'also'."),
  sameChip: message(
    'duplicate-block',
    ({ npu }: { npu: string }) =>
      `The scenario already has chips of kind '${npu}'. State the number of all of them there, and remove this block.`,
  ),
  tooManyChips: message(
    'out-of-range',
    ({ chips, most }: { chips: number; most: number }) =>
      `The scenario has ${chips} chips of all kinds. At most ${most} can share a queue. Lower 'chips'.`,
  ),
  languageModel: message(
    'unexpected-value',
    ({ model }: { model: string }) =>
      `'${model}' is a language model, which runs on one kind of chip. Remove this block, or serve the model in a separate scenario.`,
  ),
  preemption: message(
    'unexpected-value',
    ({ scheduler }: { scheduler: string }) =>
      `Scheduler '${scheduler}' interrupts batches between layers, but an interrupted batch cannot continue on a chip of another kind. ` +
      `Write 'preemption: none', or remove this block.`,
  ),
  unequalAccuracy: message(
    'no-accuracy',
    ({ model, first, other }: { model: string; first: string; other: string }) =>
      `'${first}' and '${other}' compute '${model}' in different formats, so the served accuracy depends on how many requests each of them serves. ` +
      `This is not computed. Remove the objective, or use chips with the same formats.`,
  ),
} satisfies MessageRegistry;

/** Notes at related places. */
export const poolNotes = {
  otherKind: words(() => 'The other kind of chip is here.'),
} as const;
