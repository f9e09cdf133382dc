import type { FeedForward } from '../../design/index.ts';
import type { Work } from './lowered-work.ts';
import { product } from './product.ts';
import { activationOperations, elementwiseOperations, softmaxOperations } from './vector-work.ts';

/**
 * The experts of which a step of some tokens reads the weights, on average: E (1 - (1 - k / E)^T). Our assumption: the router selects each expert
 * equally often, and independently for each token. A trained router is close to it, because it is trained to balance its experts (Fedus et al.,
 * Switch Transformers, JMLR 2022, section 2.2).
 */
function touchedExperts(experts: number, active: number, tokens: number): number {
  if (experts === active) return experts;
  // A product rounds: one token touches exactly its own experts.
  return Math.min(tokens * active, experts * (1 - wholePower(1 - active / experts, Math.round(tokens))));
}

/** By repeated squaring, because the last bits of the powers of ECMAScript depend on the engine. */
function wholePower(base: number, exponent: number): number {
  let result = 1;
  for (let square = base, rest = exponent; rest > 0; square *= square, rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
  }
  return result;
}

/**
 * The products of a feed-forward network. Each touched expert gets an equal share of the tokens (our assumption), so the array computes as many
 * groups as there are touched experts. Weights are read for the touched experts only. The hidden features stay in on-chip memory between the
 * products: also our assumption, as of a fused kernel.
 */
export function lowerFeedForward(operation: FeedForward, features: number, tokens: number): Work {
  const { width, gated, experts, active, bias } = operation;
  const touched = touchedExperts(experts, active, tokens);
  const groups = Math.ceil(touched);
  const rows = Math.ceil((tokens * active) / groups);
  const branches = gated ? 2 : 1;
  const hidden = tokens * active * width;
  const router = experts > 1 ? [product({ m: tokens, k: features, n: experts, weights: true })] : [];
  const routed = experts > 1 ? tokens * (experts * softmaxOperations + active * features * 2) : 0;
  return {
    products: [
      ...router,
      product({ m: rows, k: features, n: branches * width, groups, weights: true }),
      product({ m: rows, k: width, n: features, groups, weights: true }),
    ],
    vectorOperations:
      hidden * (activationOperations[operation.function] + (gated ? elementwiseOperations.multiply : 0)) + routed,
    weightElementsRead: touched * (branches + 1) * features * width + (experts > 1 ? features * experts : 0),
    otherParameters: bias ? experts * (branches * width + features) : 0,
  };
}
