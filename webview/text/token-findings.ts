import type { ServeResult, TokenResult } from '../../protocol/index.ts';
import { formatNumber, formatPercent, formatSeconds, measureText } from '../../protocol/index.ts';
import { sharePercent } from './share-text.ts';

/* The sentences above the plots of a language model. */

export function tokenTimeFinding(tokens: TokenResult, of: 'ttft' | 'tpot'): string {
  const { p50, p99 } = tokens[of];
  if (Number.isNaN(p50)) return of === 'ttft' ? 'No request got a token.' : 'No request got two tokens.';
  return of === 'ttft'
    ? `Half of the requests got their first token within ${formatSeconds(p50)}, 99 % within ${formatSeconds(p99)}.`
    : `Half of the requests waited at most ${formatSeconds(p50)} for each further token, 99 % at most ${formatSeconds(p99)}.`;
}

export function tokenRateFinding({ inputTokensPerSecond, outputTokensPerSecond }: TokenResult): string {
  return `The finished requests had ${measureText('tokenThroughput', inputTokensPerSecond)} in their prompts and ${measureText('tokenThroughput', outputTokensPerSecond)} in their answers.`;
}

export function kvFinding({ kv, preemptions, cachedTokens }: TokenResult): string {
  const lost =
    preemptions === 0
      ? 'No request lost its blocks.'
      : `${formatNumber(preemptions, 7)} ${preemptions === 1 ? 'time, a request' : 'times, a request'} lost its blocks to an older one.`;
  const found = cachedTokens === 0 ? '' : ` Requests found ${formatNumber(cachedTokens, 7)} tokens in the cache.`;
  return `Of ${formatNumber(kv.blocks, 7)} blocks of ${kv.blockTokens} tokens, ${formatPercent(kv.meanFraction, 3)} were in use on average and ${formatPercent(kv.maxFraction, 3)} at most. ${lost}${found}`;
}

export function stepsFinding({ tokens, meanBatch }: ServeResult): string {
  const { base, burst } = tokens?.steps ?? { base: 0, burst: 0 };
  const steps = base + burst;
  if (steps === 0) return 'No step ran.';
  const mode = burst === 0 ? '' : `, ${sharePercent(burst / steps)} of them in burst mode`;
  return `The chip ran ${formatNumber(steps, 7)} steps${mode}. A step had ${formatNumber(meanBatch)} sequences on average.`;
}
