import { type MessageRegistry, message, oneOf, type Words, words } from '../../design/index.ts';
import { didYouMean } from './wording.ts';

/** Explorations: what varies, over which values, and the goals. */
export const explorationMessages = {
  nothingVaries: message(
    'missing-block',
    "'explore' varies nothing: expected 'vary Stimpack.HBM.bandwidth in [400 GB/s, 800 GB/s]' or the like",
    'warning',
  ),
  noGoal: message('missing-block', "'explore' seeks nothing: expected 'maximize capacity' or the like", 'warning'),
  noEffect: message(
    'no-effect',
    ({ scenario, path }: { scenario: string; path: string }) =>
      `scenario '${scenario}' is the same whatever '${path}' is: does it use another chip or scheduler?`,
  ),
  noDesign: message(
    'no-design',
    ({ reason }: { reason: Words }) => `neither the first nor the last of these values makes a design: ${reason.text}`,
  ),
  variesTwice: message(
    'duplicate-property',
    ({ path }: { path: string }) => `'${path}' varies twice in one exploration`,
  ),
  tooManyDesigns: message(
    'too-many-designs',
    (p: { count: number; sizes: string; most: number }) =>
      `these are ${p.count} designs (${p.sizes}), and at most ${p.most} are tried: vary fewer values`,
  ),
  tooManyValues: message('too-many-designs', ({ most }: { most: number }) => `this range has more than ${most} values`),
  contradictingGoals: message(
    'duplicate-block',
    ({ measure }: { measure: string }) => `'${measure}' is both maximized and minimized`,
  ),
  unknownEnergy: message(
    'no-energy',
    ({ npu, measure }: { npu: string; measure: string }) =>
      `npu '${npu}' states no energy, so ${measure} is not known: give it 'energy { ... }'`,
  ),
  unknownAccuracies: message(
    'no-accuracy',
    ({ scenario }: { scenario: string }) =>
      `no model of scenario '${scenario}' states an accuracy: give it 'accuracy { ... }'`,
  ),
  noObjective: message(
    'no-objective',
    ({ scenario }: { scenario: string }) =>
      `scenario '${scenario}' promises nothing, so it can take any load: give a serve 'slo { ... }'`,
  ),
  missingPath: message('missing-name', "expected a property or a 'let' after 'vary', such as Stimpack.HBM.bandwidth"),
  missingValues: message(
    'missing-value',
    "expected 'in' and the values after what varies, such as in [64 MiB, 128 MiB]",
  ),
  emptyList: message('missing-value', 'this list is empty: expected a value to try'),
  duplicateValue: message('duplicate-value', ({ value }: { value: string }) => `'${value}' stands twice in this list`),
  otherUnitThanLet: message(
    'unit-mismatch',
    (p: { name: string; wanted: string; got: string }) => `'${p.name}' is ${p.wanted}; this is ${p.got}`,
  ),
  otherKindThanLet: message(
    'unexpected-value',
    (p: { name: string; wanted: string; got: string }) => `'${p.name}' is ${p.wanted}; this is ${p.got}`,
  ),
  cannotVary: message('unexpected-value', ({ name }: { name: string }) => `'${name}' cannot vary`),
  missingBlockWord: message(
    'unknown-word',
    (p: { keyword: string; known: readonly string[]; example: string; close: string | undefined }) =>
      `expected ${oneOf(p.known)} and a property after '${p.keyword}', such as ${p.example}${didYouMean(p.close)}`,
  ),
  missingVariedProperty: message(
    'unknown-property',
    ({ name, example }: { name: string; example: string }) => `expected a property of '${name}', such as ${example}`,
  ),
  blockVaries: message(
    'unknown-property',
    ({ block, example }: { block: string; example: string }) =>
      `'${block}' is a block: name one of its properties, such as ${example}`,
  ),
  unknownVariedProperty: message(
    'unknown-property',
    (p: { keyword: string; name: string; close: string | undefined }) =>
      `'${p.keyword}' has no property '${p.name}'${didYouMean(p.close)}`,
  ),
  backwardsRange: message('out-of-range', 'this range runs backwards: the first value is the smaller one'),
  missingStep: message(
    'missing-value',
    "expected 'step' and how far the values lie apart, such as step 100 GB/s, or step 2 x",
  ),
  factorTooSmall: message('out-of-range', 'to grow by a factor, it takes one above 1 and a first value above 0'),
  stepOfOtherUnit: message(
    'unit-mismatch',
    ({ wanted }: { wanted: string }) => `'step' takes ${wanted} here, or a factor such as 2 x`,
  ),
  stepNotPositive: message('out-of-range', "'step' must be more than 0"),
  stepNotWhole: message('out-of-range', "'step' must be a whole number here"),
} satisfies MessageRegistry;

/** Related places. */
export const explorationNotes = {
  servedHere: words(() => 'served here'),
} as const;
