import { type Let, parse } from '../../language/index.ts';
import type { OptionSpec } from '../command.ts';
import type { Complaint } from '../complaint.ts';
import { didYouMean } from '../did-you-mean.ts';
import type { Engine, ProgramFile } from '../engine.ts';

/** `--set peak=9000rps`: a value that replaces the value of a `let`. */
export interface Setting {
  readonly name: string;
  readonly value: string;
}

export const setOption: OptionSpec = {
  name: 'set',
  value: 'NAME=VALUE',
  repeats: true,
  help: "use this value for a 'let' of the file; can be given several times",
};

/** Reads the values of `--set`. Returns the reason if one is not `NAME=VALUE` with one value of the language. */
export function readSettings(written: readonly string[]): readonly Setting[] | Complaint {
  const settings: Setting[] = [];
  for (const text of written) {
    const equals = text.indexOf('=');
    const name = text.slice(0, Math.max(0, equals)).trim();
    const value = text.slice(equals + 1).trim();
    if (name === '' || value === '') {
      return { code: 'usage', message: `'--set' needs NAME=VALUE, such as --set peak=9000rps, but got '${text}'` };
    }
    if (settings.some((each) => each.name === name)) {
      return { code: 'usage', message: `'--set' gives '${name}' two values; keep one of them` };
    }
    const problem = valueProblem(value);
    if (problem !== undefined) return { code: 'usage', message: `'--set ${text}': ${problem}` };
    settings.push({ name, value });
  }
  return settings;
}

/** A value is one expression of the language. Nothing else may follow, because the value is inserted into the text of the file. */
function valueProblem(value: string): string | undefined {
  const lead = 'let x = ';
  const tree = parse(`${lead}${value}\n`, 'file:///setting.npu');
  const error = tree.diagnostics.find(({ severity }) => severity === 'error');
  if (error !== undefined) return error.message;
  const [item, ...rest] = tree.root.items;
  const isWhole = item?.kind === 'let' && rest.length === 0 && item.end === lead.length + value.length;
  return isWhole ? undefined : `expected one value, such as 9000 rps, but got '${value}'`;
}

/**
 * Gives the engine the texts of a program with these settings. A `let` of the file itself has priority over an imported one. Returns the
 * reason if a setting names no `let`.
 */
export async function applySettings(
  uri: string,
  settings: readonly Setting[],
  engine: Engine,
): Promise<Complaint | undefined> {
  if (settings.length === 0) return undefined;
  const files = await engine.files(uri);
  const edits = new Map<string, { readonly file: ProgramFile; readonly edits: (readonly [Let, string])[] }>();
  for (const { name, value } of settings) {
    const lets = files.flatMap((file) => letsOf(file).map((declared) => ({ file, declared })));
    const found = lets.find(({ declared }) => declared.name?.text === name);
    if (found === undefined) {
      const names = lets.flatMap(({ declared }) => declared.name?.text ?? []);
      const message =
        names.length === 0
          ? `'--set ${name}=${value}' needs a line 'let ${name} = ...', but the file has no 'let'`
          : `no 'let' is called '${name}'${didYouMean(name, names)}; there is ${[...new Set(names)].join(' or ')}`;
      return { code: 'unknown-setting', message };
    }
    const known = edits.get(found.file.uri) ?? { file: found.file, edits: [] };
    known.edits.push([found.declared, value]);
    edits.set(found.file.uri, known);
  }
  for (const { file, edits: ofFile } of edits.values()) engine.giveText(file.uri, edited(file.text, ofFile));
  return undefined;
}

function letsOf({ uri, text }: ProgramFile): readonly Let[] {
  return parse(text, uri).root.items.flatMap((item) => (item.kind === 'let' ? [item] : []));
}

function edited(text: string, edits: readonly (readonly [Let, string])[]): string {
  const fromTheEnd = [...edits].sort(([one], [other]) => other.start - one.start);
  return fromTheEnd.reduce(
    (result, [{ value }, newText]) => result.slice(0, value.start) + newText + result.slice(value.end),
    text,
  );
}
