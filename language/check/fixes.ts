import { type Fix, type Origin, quoted } from '../../design/index.ts';
import { settingMessages } from '../messages/index.ts';
import type { Reporter } from './reporter.ts';

export function replaceFix(origin: Origin, newText: string, title = `Replace by ${quoted(newText)}`): Fix {
  return { title, edits: [{ origin, newText }], preferred: true };
}

/** A fix that writes the suggested name, if there is one. */
export function fixesTo(origin: Origin, close: string | undefined): readonly Fix[] {
  return close === undefined ? [] : [replaceFix(origin, close)];
}

/** Reports an old spelling and offers the current one. */
export function reportOldSpelling(reporter: Reporter, origin: Origin, written: string, name: string): void {
  reporter.report(origin, settingMessages.deprecatedSpelling({ written, name }), {
    tag: 'deprecated',
    fixes: [replaceFix(origin, name)],
  });
}
