import { suggest } from '../suggest.ts';
import { findUnit, unitNames } from '../units/index.ts';

/** Suggests the unit for common spellings such as `GBps`, `msec` or `gb/s`. */
export function suggestUnit(written: string): string | undefined {
  const slash = written.indexOf('/');
  if (slash > 0) {
    const parts = [written.slice(0, slash), written.slice(slash + 1)].map((part) =>
      findUnit(part) === undefined ? suggest(part, unitNames) : part,
    );
    return parts.includes(undefined) ? undefined : parts.join('/');
  }
  const perSecond = /^(.+)ps$/iu.exec(written)?.[1];
  if (perSecond !== undefined && findUnit(perSecond) !== undefined) return `${perSecond}/s`;
  return suggest(written, unitNames);
}
