/**
 * A point in time as a trace writes it, in whole units and a fraction of a unit. The whole units are split at 1e9, so that nanoseconds
 * since 1970 (19 digits) lose no digit. One object is reused for all rows, so that parsing a million rows allocates nothing.
 */
export interface TimeField {
  /** The whole units are high * 1e9 + low. */
  high: number;
  low: number;
  /** The fraction of a unit, in 1e-12 of it. It is an integer, so that differences are exact. */
  fraction: number;
  form: TimeForm;
  /** Whether a date states its offset from UTC. */
  hasZone: boolean;
  /** The character code of the decimal separator. `parseTime` reads it; the caller sets it. */
  decimalMark: number;
}

/** A date counts seconds since 1970. A clock counts seconds since midnight. A number counts the units that the header states. */
export type TimeForm = 'number' | 'date' | 'clock';

export const point = 0x2e;
export const comma = 0x2c;

export function newTimeField(): TimeField {
  return { high: 0, low: 0, fraction: 0, form: 'number', hasZone: false, decimalMark: point };
}

const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const slash = 0x2f;
const isDigit = (code: number) => code >= zero && code <= nine;

/** The number of digits after the decimal point that are used. Further digits are ignored. */
const places = 12;
/** Factors that turn an integer of N digits after the point into an integer of twelve digits. */
const scales = Array.from({ length: places + 1 }, (_, digits) => 10 ** (places - digits));

/** Parses bytes[start, end). Returns false if they are neither a number nor a date nor a clock. The caller removes blanks at both ends. */
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
  const code = bytes[at] ?? 0;
  if (digits === 4 && (code === 0x2d || code === slash)) return parseDate(bytes, start, end, into);
  if (digits === 8 && (code === 0x54 || code === 0x74)) return parseCompactDate(bytes, start, end, into);
  if ((digits === 1 || digits === 2) && code === colon) return parseClock(bytes, start, end, into);
  if (digits > 0 && code === into.decimalMark) {
    const fraction = readFraction(bytes, at + 1, end);
    if (fractionEnd === end) return finish(bytes, start, digits, value, fraction, into);
  }
  return parseRare(bytes, start, end, into);
}

/** The second result of `readFraction`: the position after the fraction. It is a variable, so that a row allocates nothing. */
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
  into.form = 'number';
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

/** Numbers with a sign or an exponent: "-1.5", "1.5e-3". */
function parseRare(bytes: Uint8Array, start: number, end: number, into: TimeField): boolean {
  if (end - start > 40 || end <= start) return false;
  const written = String.fromCharCode(...bytes.subarray(start, end));
  if (into.decimalMark === comma && written.includes('.')) return false;
  const text = into.decimalMark === comma ? written.replace(',', '.') : written;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return false;
  const value = Number(text);
  if (!Number.isFinite(value) || Math.abs(value) > 2 ** 53) return false;
  into.form = 'number';
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

/**
 * ISO 8601 as databases write it: 2023-11-16 18:17:03.9799600. A T or a blank separates date and time. Z, UTC or an offset such as +01:00 may
 * follow. The date may also have slashes: 2023/11/16.
 */
function parseDate(bytes: Uint8Array, start: number, end: number, into: TimeField): boolean {
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);
  const mark = bytes[start + 4];
  if (end - start < 16 || bytes[start + 7] !== mark || bytes[start + 13] !== colon) return false;
  const between = bytes[start + 10];
  if (between !== 0x20 && between !== 0x54 && between !== 0x74) return false;
  const day = dayNumber(year, twoDigits(bytes, start + 5), twoDigits(bytes, start + 8));
  return day !== undefined && readClock(bytes, start + 11, start + 13, end) && put(day, bytes, end, into);
}

/** ISO 8601 without separators: 20231116T181703Z. */
function parseCompactDate(bytes: Uint8Array, start: number, end: number, into: TimeField): boolean {
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);
  const day = dayNumber(year, twoDigits(bytes, start + 4), twoDigits(bytes, start + 6));
  const [hour, minute, second] = [9, 11, 13].map((at) => twoDigits(bytes, start + at));
  if (day === undefined || hour === undefined || minute === undefined || second === undefined) return false;
  if (start + 15 > end || !isTimeOfDay(hour, minute, second)) return false;
  clockSeconds = hour * 3600 + minute * 60 + second;
  clockFraction = 0;
  clockEnd = start + 15;
  if (clockEnd < end && bytes[clockEnd] === point) {
    clockFraction = readFraction(bytes, clockEnd + 1, end);
    clockEnd = fractionEnd;
  }
  return put(day, bytes, end, into);
}

/** A time of day with seconds: 9:05:03.25. A time without seconds is rejected, because 10:05 can also mean minutes and seconds. */
function parseClock(bytes: Uint8Array, start: number, end: number, into: TimeField): boolean {
  const isShort = bytes[start + 1] === colon;
  const minutesAt = start + (isShort ? 1 : 2);
  if (
    minutesAt + 3 >= end ||
    bytes[minutesAt + 3] !== colon ||
    !readClock(bytes, start, minutesAt, end) ||
    clockEnd !== end
  )
    return false;
  into.form = 'clock';
  into.hasZone = false;
  into.high = 0;
  into.low = clockSeconds;
  into.fraction = clockFraction;
  return true;
}

/** Results of `readClock`. They are variables, so that a row allocates nothing. */
let clockSeconds = 0;
let clockFraction = 0;
let clockEnd = 0;

/** Reads HH:MM, HH:MM:SS or HH:MM:SS.fff. `minutesAt`: the position of the first colon. */
function readClock(bytes: Uint8Array, start: number, minutesAt: number, end: number): boolean {
  const hour = minutesAt - start === 1 ? (bytes[start] ?? 0) - zero : twoDigits(bytes, start);
  const minute = twoDigits(bytes, minutesAt + 1);
  let second = 0;
  let at = minutesAt + 3;
  if (at < end && bytes[at] === colon) {
    second = twoDigits(bytes, at + 1);
    at += 3;
  }
  if (at > end || !isTimeOfDay(hour, minute, second)) return false;
  clockFraction = 0;
  // Python's logging module writes a comma before the milliseconds.
  if (at < end && (bytes[at] === point || bytes[at] === comma)) {
    clockFraction = readFraction(bytes, at + 1, end);
    at = fractionEnd;
  }
  clockSeconds = hour * 3600 + minute * 60 + second;
  clockEnd = at;
  return true;
}

function isTimeOfDay(hour: number, minute: number, second: number): boolean {
  return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 60;
}

/** Stores the day, the clock that was just read, and the time zone after it. */
function put(day: number, bytes: Uint8Array, end: number, into: TimeField): boolean {
  const offset = clockEnd === end ? 0 : zoneSeconds(bytes, clockEnd, end);
  if (offset === undefined) return false;
  into.form = 'date';
  into.hasZone = clockEnd !== end;
  into.high = 0;
  into.low = day * 86_400 + clockSeconds - offset;
  into.fraction = clockFraction;
  return true;
}

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since 1970. Undefined for a day that does not exist. */
function dayNumber(year: number, month: number, day: number): number | undefined {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = daysOfMonth[month - 1];
  if (year < 0 || days === undefined || day < 1 || day > (month === 2 && isLeap ? 29 : days)) return undefined;
  return daysSince1970(year, month, day);
}

function zoneSeconds(bytes: Uint8Array, start: number, end: number): number | undefined {
  let at = start;
  while (at < end && bytes[at] === 0x20) at++;
  const code = bytes[at];
  if ((code === 0x5a || code === 0x7a) && at + 1 === end) return 0;
  if (end - at === 3) {
    const name = String.fromCharCode(code ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0).toUpperCase();
    if (name === 'UTC' || name === 'GMT') return 0;
  }
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
