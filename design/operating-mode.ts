import {
  bytesPerElement,
  formatText,
  isSameFormat,
  numberFormats,
  type Precision,
  type StoredFormat,
  storedAs,
} from './number-format.ts';

/**
 * The use of the additional multiplications of a processing element in a mode that packs several of them:
 * `reduction` multiplies the effective rows (ceil(K / 2R) folds with two products), `columns` the effective columns, `none` packs nothing.
 */
export type Packing = 'none' | 'reduction' | 'columns';

/**
 * A mode of the chip: the format that its arrays multiply, and the formats in which its memories store the operands. An absent format is the
 * one that the arrays multiply. Operands that are stored in fewer bits are widened on their way into the arrays, which takes no time (our
 * assumption: a shift or a small table at the port of the arrays).
 */
export interface OperatingMode {
  readonly precision: Precision;
  readonly packing: Packing;
  /** Multiplications of one processing element per cycle, if it packs them. Default: 2. */
  readonly packedProducts?: number;
  readonly weights?: StoredFormat;
  readonly activations?: StoredFormat;
  /** Keys and values in a cache. Default: the format of the activations. */
  readonly cachedKeys?: StoredFormat;
  /** Partial sums. Default: 4 bytes, fp32 for floating-point products and int32 for integer products. */
  readonly accumulation?: Precision;
}

export function weightFormat({ precision, weights }: OperatingMode): StoredFormat {
  return weights ?? storedAs(precision);
}

export function activationFormat({ precision, activations }: OperatingMode): StoredFormat {
  return activations ?? storedAs(precision);
}

export function cacheFormat(mode: OperatingMode): StoredFormat {
  return mode.cachedKeys ?? activationFormat(mode);
}

/** "bf16", or "bf16 with weights in int4 in groups of 128". */
export function modeText(mode: OperatingMode): string {
  const own = storedAs(mode.precision);
  const operands = [
    ['weights', weightFormat(mode)],
    ['activations', activationFormat(mode)],
    ['cached keys and values', cacheFormat(mode)],
  ] as const;
  const others = operands.filter(([, format]) => !isSameFormat(format, own));
  const list = others.map(([name, format]) => `${name} in ${formatText(format)}`).join(', ');
  return list === '' ? mode.precision : `${mode.precision} with ${list}`;
}

/** Bytes of a partial sum in the accumulators, and where it is spilled. */
export function accumulatorBytes({ accumulation }: OperatingMode): number {
  return accumulation === undefined ? 4 : bytesPerElement(storedAs(accumulation));
}

/** Multiplications of one processing element per cycle. */
export function productsPerElement({ packing, packedProducts }: OperatingMode): number {
  return packing === 'none' ? 1 : (packedProducts ?? 2);
}

/**
 * The name under which a network states its accuracy in a mode: the format of the arrays if every operand is stored in it, otherwise the bits of
 * weights and activations, as in `w4a16`, and of cached keys and values if they differ from the activations, as in `w4a16kv8`.
 */
export type AccuracyKey = Precision | `w${number}a${number}` | `w${number}a${number}kv${number}`;

/** `w4a16` or `w4a16kv8`. */
export const mixedKeyPattern = /^w\d{1,2}a\d{1,2}(kv\d{1,2})?$/u;

export function isMixedKey(name: string): name is Exclude<AccuracyKey, Precision> {
  return mixedKeyPattern.test(name);
}

export function accuracyKeyOf(mode: OperatingMode): AccuracyKey {
  const weights = weightFormat(mode);
  const activations = activationFormat(mode);
  const cached = cacheFormat(mode);
  const own = storedAs(mode.precision);
  const isPlain = [weights, activations, cached].every((format) => isSameFormat(format, own));
  if (isPlain) return mode.precision;
  const bits = ({ format }: StoredFormat): number => numberFormats[format].elementBits;
  const key = `w${bits(weights)}a${bits(activations)}` as const;
  return bits(cached) === bits(activations) ? key : `${key}kv${bits(cached)}`;
}
