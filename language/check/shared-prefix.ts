import {
  type Arrivals,
  assertNever,
  type Message,
  type Origin,
  recordedTokens,
  type SequenceServing,
  type TokenCounts,
} from '../../design/index.ts';
import { sequenceMessages } from '../messages/index.ts';
import type { Reporter } from './reporter.ts';
import type { Settings } from './settings.ts';

/* The tokens that all prompts share: `tokens { shared: 512 tokens }`. They are a part of each prompt, so no prompt should be shorter. */

type SharedPrefix = Pick<SequenceServing, 'sharedTokens' | 'caveats'> & {
  /** The diagnostic of the caveat, and its place. */
  readonly warning?: Message<'short-prompts'> & { readonly origin: Origin };
};

/** Drawn prompts are compared with this many standard deviations: one prompt in 1e9 is shorter. */
const deviations = 6;

/** Empty without `shared`, or after an error. */
export function sharedPrefixOf(
  settings: Settings,
  input: TokenCounts,
  arrivals: Arrivals,
  reporter: Reporter,
): SharedPrefix {
  const block = settings.block('tokens');
  if (block?.has('shared') !== true || block.broken) return {};
  const sharedTokens = block.number('shared');
  const origin = block.origin('shared');
  // Only hashes that a run would use are still there.
  if (input.kind === 'recorded' && arrivals.kind === 'trace' && arrivals.promptHashes !== undefined) {
    reporter.report(origin, sequenceMessages.sharedTwice({ path: arrivals.path }));
    return {};
  }
  const tooLong = (tokens: number, which: string): SharedPrefix => {
    if (sharedTokens > tokens)
      reporter.report(origin, sequenceMessages.sharedTooLong({ shared: sharedTokens, tokens, which }));
    return { sharedTokens };
  };
  switch (input.kind) {
    case 'constant':
      return tooLong(input.tokens, 'each prompt');
    case 'uniform':
      return tooLong(input.least, 'the shortest prompt');
    case 'empirical':
      return tooLong(Math.min(...input.values), 'the shortest prompt');
    case 'lognormal': {
      const { mean, sigma } = input;
      const shortest = Math.log(mean) - (sigma * sigma) / 2 - deviations * sigma;
      // Counts are rounded, and 1 is the smallest one.
      if (sharedTokens <= 1 || Math.log(sharedTokens - 0.5) <= shortest) return { sharedTokens };
      return withShortPrompts(sharedTokens, 'drawn prompts can be shorter', origin);
    }
    case 'recorded': {
      const prompts = recordedTokens(arrivals, 'in') ?? new Float32Array();
      let count = 0;
      for (const tokens of prompts) if (tokens < sharedTokens) count++;
      if (count === 0) return { sharedTokens };
      return withShortPrompts(sharedTokens, `${count} of ${prompts.length} prompts of the trace are shorter`, origin);
    }
    default:
      return assertNever(input);
  }
}

function withShortPrompts(sharedTokens: number, which: string, origin: Origin): SharedPrefix {
  const message = sequenceMessages.shortPrompts({ shared: sharedTokens, which });
  const { code, text } = message;
  // In reality, a shorter prompt may share less.
  const caveat = { code, text, origin, effect: { kind: 'heavier' } } as const;
  return { sharedTokens, caveats: [caveat], warning: { ...message, origin } };
}
