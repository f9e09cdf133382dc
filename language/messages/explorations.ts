import { type MessageRegistry, message, oneOf, type Words, words } from '../../design/index.ts';
import { didYouMean } from './wording.ts';

/** Explorations: what varies, over which values, and the goals. */
export const explorationMessages = {
  nothingVaries: message(
    'missing-block',
    "This 'explore' varies nothing. Add a 'vary' line, such as 'vary Stimpack.HBM.bandwidth in [400 GB/s, 800 GB/s]'.",
    'warning',
  ),
  noGoal: message(
    'missing-block',
    "This 'explore' has no goal. Add one, such as 'maximize capacity' or 'minimize energy'.",
    'warning',
  ),
  noEffect: message(
    'no-effect',
    ({ scenario, path }: { scenario: string; path: string }) =>
      `'${path}' does not change scenario '${scenario}'. Vary a property that the scenario uses: it may use another chip or scheduler.`,
  ),
  noDesign: message(
    'no-design',
    ({ reason }: { reason: Words }) =>
      `Neither the first nor the last combination of these values makes a valid design. The first one fails with: ${reason.text}`,
  ),
  variesTwice: message(
    'duplicate-property',
    ({ path }: { path: string }) => `'${path}' varies twice in this exploration. Remove one of the two 'vary' lines.`,
  ),
  tooManyDesigns: message(
    'too-many-designs',
    (p: { count: number; sizes: string; most: number; withSearch: number }) =>
      `This exploration has ${p.count} designs (${p.sizes}). At most ${p.most} are allowed. Vary fewer values${p.most < p.withSearch && p.count <= p.withSearch ? ", or try some of them with a search, such as 'search: nsga2 { budget: 2000 }'" : ''}.`,
  ),
  tooManyValues: message(
    'too-many-designs',
    ({ most }: { most: number }) => `There are more than ${most} values. Use a larger step, or fewer values.`,
  ),
  contradictingGoals: message(
    'duplicate-block',
    ({ measure }: { measure: string }) => `'${measure}' is both maximized and minimized. Remove one of the two goals.`,
  ),
  unknownEnergy: message(
    'no-energy',
    ({ npu, measure }: { npu: string; measure: string }) =>
      `Npu '${npu}' states no energy, so its ${measure} cannot be computed. Add 'energy { ... }' to the npu.`,
  ),
  unknownArea: message(
    'no-area',
    ({ npu, missing }: { npu: string; missing: string }) =>
      `The area of npu '${npu}' cannot be computed: there is no figure for ${missing}. Add it to 'area { ... }' of the npu.`,
  ),
  unknownConstraint: message(
    'unknown-word',
    (p: { written: string; close: string | undefined }) =>
      `There is no constraint '${p.written}'. Write 'subject to', a measure and its limit, such as 'subject to area <= 400 mm2' or 'subject to p99.9 latency <= 20 ms'.${didYouMean(p.close)}`,
  ),
  constraintOperator: message(
    'wrong-operator',
    ({ measure, operator, written }: { measure: string; operator: string; written: string }) =>
      `A constraint on '${measure}' gives the ${operator === '<=' ? 'largest' : 'smallest'} value. Write '${operator}' instead of '${written}'.`,
  ),
  constraintUnit: message(
    'unit-mismatch',
    (p: { measure: string; phrase: string; example: string }) =>
      `The limit of '${p.measure}' must be ${p.phrase}, such as ${p.example}.`,
  ),
  constraintRange: message(
    'out-of-range',
    ({ measure, most }: { measure: string; most: string }) => `The limit of '${measure}' must be more than 0${most}.`,
  ),
  constrainedTwice: message(
    'duplicate-block',
    ({ measure }: { measure: string }) => `'${measure}' has two limits. Remove one of them.`,
  ),
  unknownAccuracies: message(
    'no-accuracy',
    ({ scenario }: { scenario: string }) =>
      `No model of scenario '${scenario}' states its accuracy. Add 'accuracy { ... }' to a model.`,
  ),
  noTokens: message(
    'no-tokens',
    ({ scenario, measure }: { scenario: string; measure: string }) =>
      `Scenario '${scenario}' serves no language model, so no design has a value for '${measure}'. Use a measure of requests, such as 'latency', or serve a model with 'tokens { ... }'.`,
  ),
  noObjective: message(
    'no-objective',
    ({ scenario }: { scenario: string }) =>
      `Scenario '${scenario}' has no objectives, so its capacity has no limit. Add 'slo { ... }' to a 'serve'.`,
  ),
  missingPath: message('missing-name', "Expected a property or a 'let' after 'vary', such as Stimpack.HBM.bandwidth."),
  missingValues: message('missing-value', "Expected 'in' and the values to try, such as in [64 MiB, 128 MiB]."),
  emptyList: message('missing-value', 'This list is empty. Add at least one value to try.'),
  duplicateValue: message(
    'duplicate-value',
    ({ value }: { value: string }) => `'${value}' is twice in this list. Remove one of the two.`,
  ),
  otherUnitThanLet: message(
    'unit-mismatch',
    (p: { name: string; wanted: string; got: string }) => `'${p.name}' is ${p.wanted}, but this value is ${p.got}.`,
  ),
  otherKindThanLet: message(
    'unexpected-value',
    (p: { name: string; wanted: string; got: string }) => `'${p.name}' is ${p.wanted}, but this value is ${p.got}.`,
  ),
  cannotVary: message(
    'unexpected-value',
    ({ name }: { name: string }) => `'${name}' cannot vary. Vary a property of an npu or a scheduler, or a 'let'.`,
  ),
  missingBlockWord: message(
    'unknown-word',
    (p: { keyword: string; known: readonly string[]; example: string; close: string | undefined }) =>
      `Expected ${oneOf(p.known)} and a property after '${p.keyword}', such as ${p.example}.${didYouMean(p.close)}`,
  ),
  missingVariedProperty: message(
    'unknown-property',
    ({ name, example }: { name: string; example: string }) => `Expected a property of '${name}', such as ${example}.`,
  ),
  blockVaries: message(
    'unknown-property',
    ({ block, example }: { block: string; example: string }) =>
      `'${block}' is a block, and only a property can vary. Write one of its properties, such as ${example}.`,
  ),
  unknownVariedProperty: message(
    'unknown-property',
    (p: { keyword: string; name: string; close: string | undefined }) =>
      `'${p.keyword}' has no property '${p.name}'.${didYouMean(p.close)}`,
  ),
  backwardsRange: message('out-of-range', 'This range runs backwards. Write the smaller value first.'),
  missingStep: message(
    'missing-value',
    "Expected 'step' and the distance between two values, such as 'step 100 GB/s', a factor, such as 'step 2 x', or a number of values, such as 'linear 9' or 'logarithmic 9'.",
  ),
  mixedRange: message(
    'unit-mismatch',
    "The first end of this range is a factor of the value in the file, and the second is not. Write both in the same way, such as '0.5 x .. 2 x'.",
  ),
  nothingToScale: message(
    'missing-unit',
    ({ name }: { name: string }) =>
      `A factor with 'x' multiplies the value of '${name}' in the scenario, but the scenario has none. Write values with their unit.`,
  ),
  countOfValues: message(
    'out-of-range',
    ({ spacing }: { spacing: string }) =>
      `'${spacing}' needs the number of values: a whole number, 2 or greater, such as '${spacing} 9'.`,
  ),
  logarithmOfZero: message('out-of-range', "A range with 'logarithmic' must start above 0. Use 'linear' instead."),
  missingServeName: message(
    'unknown-property',
    (p: { keyword: string; known: readonly string[]; example: string; close: string | undefined }) =>
      `Expected the name of a '${p.keyword}' (${oneOf(p.known)}) and a property, such as ${p.example}.${didYouMean(p.close)}`,
  ),
  nothingServed: message(
    'unknown-property',
    ({ keyword, name }: { keyword: string; name: string }) =>
      `'${name}' contains no block '${keyword}'. Add one, or vary another property.`,
  ),
  servedWithoutKeyword: message(
    'unknown-property',
    ({ name, path }: { name: string; path: string }) =>
      `'${name}' is the name of a network, not a property. Write '${path}' and one of its properties, such as ${path}.batch.max.`,
  ),
  unknownFormProperty: message(
    'unknown-property',
    (p: { property: string; name: string; known: readonly string[]; close: string | undefined }) =>
      `No value of '${p.property}' has a property '${p.name}'. Expected ${oneOf(p.known)}.${didYouMean(p.close)}`,
  ),
  factorTooSmall: message('out-of-range', 'A step by a factor needs a factor above 1 and a first value above 0.'),
  stepOfOtherUnit: message(
    'unit-mismatch',
    ({ wanted }: { wanted: string }) => `'step' needs ${wanted} here, or a factor such as 2 x.`,
  ),
  stepNotPositive: message('out-of-range', "'step' must be more than 0."),
  stepNotWhole: message(
    'out-of-range',
    "'step' must be a whole number here, because the property needs whole numbers.",
  ),
} satisfies MessageRegistry;

/** Notes at related places. */
export const explorationNotes = {
  servedHere: words(() => 'The model is served here.'),
} as const;
