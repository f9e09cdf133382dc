import type { OptionSpec } from '../command.ts';
import type { Complaint } from '../complaint.ts';

/** As `seed:` of a scenario. */
const largestSeed = 2 ** 32 - 1;

export const seedOption: OptionSpec = {
  name: 'seed',
  value: 'N',
  help: 'the seed of the random streams, instead of the seed in the scenario',
};

/** The value of `--seed`. undefined: it is not given. */
export function readSeed(written: string | undefined): number | undefined | Complaint {
  if (written === undefined) return undefined;
  const seed = Number(written);
  if (Number.isInteger(seed) && seed >= 0 && seed <= largestSeed) return seed;
  return { code: 'usage', message: `'--seed' is a whole number from 0 to ${largestSeed}, not '${written}'` };
}
