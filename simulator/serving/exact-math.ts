/**
 * Logarithm, exponential and sine, computed only with additions, multiplications, divisions and square roots. IEEE 754
 * defines the rounding of these operations, so every platform computes the same bits. The last bit of Math.log differs
 * between JavaScript engines, and it would change the times of arrivals. The error of exactLog and exactExp is below one
 * unit in the last place for the values that serving uses.
 */

const float = new Float64Array(1);
/** The same eight bytes: [low, high] on the little-endian platforms that we run on. */
const words = new Uint32Array(float.buffer);

/** ln 2 as a sum of two parts. The first part has 21 trailing zero bits, so its product with an exponent is exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const SQRT2 = Math.SQRT2;

/** Natural logarithm of a positive normal number; -Infinity at 0. */
export function exactLog(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (!(x > 0) || x === Number.POSITIVE_INFINITY) return x > 0 ? x : Number.NaN;
  float[0] = x;
  const high = words[1] as number;
  let exponent = (high >>> 20) - 1023;
  words[1] = (high & 0xfffff) | 0x3ff00000;
  let mantissa = float[0] as number;
  if (mantissa > SQRT2) {
    mantissa *= 0.5;
    exponent++;
  }
  // ln(1 + f) = 2 atanh(s) with s = f / (2 + f). We write 2s as f - s f, because f is exact.
  const f = mantissa - 1;
  const s = f / (2 + f);
  const z = s * s;
  const tail =
    z *
    (1 / 3 +
      z *
        (1 / 5 +
          z *
            (1 / 7 +
              z * (1 / 9 + z * (1 / 11 + z * (1 / 13 + z * (1 / 15 + z * (1 / 17 + z * (1 / 19 + z * (1 / 21))))))))));
  return exponent * LN2_HIGH + (f - (s * (f - 2 * tail) - exponent * LN2_LOW));
}

/** e^x. The result is 0 for x below -708, and Infinity for x above 709. */
export function exactExp(x: number): number {
  if (x < -708) return 0;
  if (x > 709) return Number.POSITIVE_INFINITY;
  const k = Math.round(x / (LN2_HIGH + LN2_LOW));
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let sum = 1;
  for (let n = 18; n >= 1; n--) sum = 1 + (sum * r) / n;
  float[0] = 1;
  words[1] = ((k + 1023) << 20) >>> 0;
  words[0] = 0;
  return sum * (float[0] as number);
}

/** sin(2 pi turns). */
export function exactSinTurns(turns: number): number {
  let t = turns - Math.floor(turns);
  if (t > 0.5) return -exactSinTurns(t - 0.5);
  if (t > 0.25) t = 0.5 - t;
  const x = t * 6.283185307179586;
  const z = -x * x;
  let sum = 1;
  for (let n = 21; n >= 3; n -= 2) sum = 1 + (sum * z) / (n * (n - 1));
  return sum * x;
}

/** x^y for x > 0. */
export function exactPow(x: number, y: number): number {
  return exactExp(y * exactLog(x));
}
