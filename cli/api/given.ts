import { didYouMean } from '../did-you-mean.ts';

/*
 * Checks of what a caller passes. TypeScript finds most mistakes before a run, but a script in JavaScript needs these checks: an option
 * with a wrong name would have no effect.
 */

/** The rule of an option: its type, and for numbers the range of whole numbers. */
export type OptionRule =
  | { readonly type: 'text' | 'signal' }
  | { readonly type: 'integer'; readonly low: number; readonly high: number }
  | { readonly type: 'choice'; readonly choices: readonly string[] }
  | { readonly type: 'settings' };

export const textRule: OptionRule = { type: 'text' };
export const signalRule: OptionRule = { type: 'signal' };
export const integerRule = (low: number, high: number): OptionRule => ({ type: 'integer', low, high });

/**
 * Checks the options of a function against its rules.
 *
 * @throws {TypeError} with the name of the function and the option, what was expected, and what was given.
 */
export function checkOptions(
  name: string,
  options: unknown,
  rules: Readonly<Record<string, OptionRule>>,
): Readonly<Record<string, unknown>> {
  if (!isRecord(options)) throw new TypeError(`${name}: the options must be an object, but got ${shown(options)}`);
  for (const [key, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (rule === undefined) {
      const names = Object.keys(rules);
      throw new TypeError(`${name} has no option '${key}'${didYouMean(key, names)}; it has ${names.join(', ')}`);
    }
    // An option that is undefined is one that was not given.
    const expected = value === undefined ? undefined : unexpected(rule, value);
    if (expected !== undefined)
      throw new TypeError(`${name}: the option '${key}' must be ${expected}, but got ${shown(value)}`);
  }
  return options;
}

/** What a value must be, if it is something else. */
function unexpected(rule: OptionRule, value: unknown): string | undefined {
  switch (rule.type) {
    case 'text':
      return typeof value === 'string' ? undefined : 'a text';
    case 'signal':
      return value instanceof AbortSignal ? undefined : 'an AbortSignal';
    case 'integer': {
      const { low, high } = rule;
      const isValid = Number.isInteger(value) && Number(value) >= low && Number(value) <= high;
      return isValid ? undefined : `a whole number from ${low} to ${high}`;
    }
    case 'choice':
      return rule.choices.some((choice) => choice === value) ? undefined : `one of ${rule.choices.join(', ')}`;
    case 'settings': {
      const isValue = (each: unknown): boolean =>
        typeof each === 'string' || (typeof each === 'number' && Number.isFinite(each));
      return isRecord(value) && Object.values(value).every(isValue)
        ? undefined
        : "an object of texts and numbers, such as { peak: '9000 rps' }";
    }
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value in a message. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 60)}...` : value}'`;
  if (typeof value === 'number' || typeof value === 'boolean' || value == null) return String(value);
  return Array.isArray(value) ? 'an array' : isRecord(value) ? 'an object' : `a ${typeof value}`;
}
