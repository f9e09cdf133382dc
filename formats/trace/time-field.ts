/**
 * A point in time as written in a trace, in whole units and a fraction of one. `whole` is split at 1e9, so that nanoseconds since
 * 1970 (19 digits) lose nothing. One object is used again and again: parsing a million rows allocates nothing.
 */
export interface TimeField {
  /** high * 1e9 + low whole units. */
  high: number;
  low: number;
  /** Of a unit, in 1e-12: an integer, so that differences are exact. */
  fraction: number;
  /** A date counts seconds since 1970; a number counts what the header says. */
  isDate: boolean;
}

export function newTimeField(): TimeField {
  return { high: 0, low: 0, fraction: 0, isDate: false };
}

const zero = 0x30;
const nine = 0x39;
const isDigit = (code: number) => code >= zero && code <= nine;

/** Digits behind the point that count. */
const places = 12;
/** What makes an integer of so many digits behind the point one of twelve. */
const scales = Array.from({ length: places + 1 }, (_, digits) => 10 ** (places - digits));

/** Parses bytes[start, end), blanks around it removed; false where they are neither a number nor a date. */
export function parseTime(bytes: Uint8Array, start: number, end: number, into: TimeField): boolean {
  let at = start;
  let value = 0;
  for (; at < end; at++) {
    const digit = (bytes[at] ?? 0) - zero;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  const digits = at - start;
  if (digits > 24) return false;
  if (at === end && digits > 0) return finish(bytes, start, digits, value, 0, into);
  if (digits === 4 && bytes[at] === 0x2d) return parseDate(bytes, start, end, into);
  const code = bytes[at] ?? 0;
  if (digits > 0 && code === 0x2e) {
    const fraction = readFraction(bytes, at + 1, end);
    if (fractionEnd === end) return finish(bytes, start, digits, value, fraction, into);
  }
  return parseRare(bytes, start, end, into);
}

/** End of what `readFraction` last read: a second result without an allocation for each row. */
let fractionEnd = 0;

function readFraction(bytes: Uint8Array, start: number, end: number): number {
  let numerator = 0;
  let digits = 0;
  let at = start;
  for (; at < end && isDigit(bytes[at] ?? 0); at++) {
    if (digits === places) continue;
    numerator = numerator * 10 + ((bytes[at] ?? 0) - zero);
    digits++;
  }
  fractionEnd = at;
  return numerator * (scales[digits] ?? 1);
}

function finish(
  bytes: Uint8Array,
  start: number,
  digits: number,
  value: number,
  fraction: number,
  into: TimeField,
): boolean {
  into.isDate = false;
  into.fraction = fraction;
  into.high = 0;
  into.low = value;
  if (digits > 15) {
    into.high = digitsAsNumber(bytes, start, start + digits - 9);
    into.low = digitsAsNumber(bytes, start + digits - 9, start + digits);
  }
  return true;
}

function digitsAsNumber(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 10 + ((bytes[at] ?? 0) - zero);
  return value;
}

/** Signs and exponents: "-1.5", "1.5e-3". */
function parseRare(bytes: Uint8Array, start: number, end: number, into: TimeField): boolean {
  if (end - start > 40 || end <= start) return false;
  const text = String.fromCharCode(...bytes.subarray(start, end));
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return false;
  const value = Number(text);
  if (!Number.isFinite(value) || Math.abs(value) > 2 ** 53) return false;
  into.isDate = false;
  into.high = 0;
  into.low = Math.floor(value);
  into.fraction = Math.round((value - into.low) * 10 ** places);
  return true;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - zero;
  const ones = (bytes[at + 1] ?? 0) - zero;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** ISO 8601 as databases write it: 2023-11-16 18:17:03.9799600, with T or a blank between, with or without Z or +01:00. */
function parseDate(bytes: Uint8Array, start: number, end: number, into: TimeField): boolean {
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  if (end - start < 16 || bytes[start + 7] !== 0x2d || bytes[start + 13] !== 0x3a) return false;
  const between = bytes[start + 10];
  if (between !== 0x20 && between !== 0x54 && between !== 0x74) return false;
  const hour = twoDigits(bytes, start + 11);
  const minute = twoDigits(bytes, start + 14);
  let second = 0;
  let at = start + 16;
  if (bytes[at] === 0x3a) {
    second = twoDigits(bytes, at + 1);
    at += 3;
  }
  if (at > end || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || hour > 23) return false;
  if (minute < 0 || minute > 59 || second < 0 || second > 60) return false;
  let fraction = 0;
  // Python's logging writes a comma before the milliseconds.
  if ((bytes[at] === 0x2e || bytes[at] === 0x2c) && at < end) {
    fraction = readFraction(bytes, at + 1, end);
    at = fractionEnd;
  }
  const offset = at === end ? 0 : zoneSeconds(bytes, at, end);
  if (offset === undefined) return false;
  into.isDate = true;
  into.high = 0;
  into.low = daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
  into.fraction = fraction;
  return true;
}

function zoneSeconds(bytes: Uint8Array, start: number, end: number): number | undefined {
  let at = start;
  while (at < end && bytes[at] === 0x20) at++;
  const code = bytes[at];
  if ((code === 0x5a || code === 0x7a) && at + 1 === end) return 0;
  if (code !== 0x2b && code !== 0x2d) return undefined;
  const hours = twoDigits(bytes, at + 1);
  const minutes = at + 3 === end ? 0 : twoDigits(bytes, bytes[at + 3] === 0x3a ? at + 4 : at + 3);
  const length = at + 3 === end ? 3 : bytes[at + 3] === 0x3a ? 6 : 5;
  if (hours < 0 || minutes < 0 || at + length !== end) return undefined;
  return (code === 0x2d ? -1 : 1) * (hours * 3600 + minutes * 60);
}

/** Days of the Gregorian calendar since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}
