import type { BurstPolicy, Scheduler } from '../../design/index.ts';
import type { Declaration } from '../check/checked-file.ts';
import type { TextChange } from '../format/index.ts';
import type { Program, SourceFile } from '../program.ts';
import { npuSchema } from '../schema/index.ts';
import type { Arguments, Body, Constraint, Expression, Item, Name, Property, Statement } from '../syntax/index.ts';
import { lineBreakOf } from '../syntax/index.ts';

/*
 * Changes of a design in its text, at the place where a person would write them. A stated value is replaced, an inherited value is added, and
 * a chip of another file is extended here. undefined if the text has a form that cannot be changed in this way.
 */

/** A scenario and one of its serves. */
export interface ServePlace {
  readonly program: Program;
  readonly uri: string;
  readonly scenario: string;
  /** Index of the serve in the scenario. */
  readonly serve: number;
}

/** Properties of a block of an npu by name, as text of the language: `{ bandwidth: '900 GB/s' }`. */
export type PropertyTexts = Readonly<Record<string, string>>;

/** Sets properties in one block of the scenario's chip. `blockHead` is `HBM` or `mode burst`. */
export function changeNpu(
  place: ServePlace,
  blockHead: string,
  texts: PropertyTexts,
): readonly TextChange[] | undefined {
  const file = fileOf(place);
  const scenario = file && scenarioOf(file, place.scenario);
  const reference = scenario && propertyOf(scenario.body, 'npu')?.value;
  const name = reference?.kind === 'path' ? reference.parts[0] : undefined;
  if (file === undefined || scenario === undefined || name === undefined) return undefined;
  return changeReferences(place, file, scenario, name.text, [name], blockHead, texts);
}

/** The same for any chip of the scenario, wherever the scenario uses it: as its chip, in `also` and in `compare`. */
export function changeChip(
  place: ServePlace,
  chip: string,
  blockHead: string,
  texts: PropertyTexts,
): readonly TextChange[] | undefined {
  const file = fileOf(place);
  const scenario = file && scenarioOf(file, place.scenario);
  const start = declarationOf(place, chip, 'npu')?.nameOrigin;
  if (file === undefined || scenario === undefined || start === undefined) return undefined;
  const references = file
    .facts()
    .flatMap((fact) =>
      fact.kind === 'reference' &&
      fact.declaration.nameOrigin.uri === start.uri &&
      fact.declaration.nameOrigin.start === start.start &&
      fact.start >= scenario.start &&
      fact.end <= scenario.end
        ? [fact]
        : [],
    );
  return references.length === 0
    ? undefined
    : changeReferences(place, file, scenario, chip, references, blockHead, texts);
}

/** Changes a chip of this file. A chip of another file is not changed: a new chip in this file extends it, and the references name the new one. */
function changeReferences(
  place: ServePlace,
  file: SourceFile,
  scenario: Statement,
  chip: string,
  references: readonly { readonly start: number; readonly end: number }[],
  blockHead: string,
  texts: PropertyTexts,
): readonly TextChange[] | undefined {
  const declaration = declarationOf(place, chip, 'npu');
  if (declaration === undefined) return undefined;
  if (declaration.file.uri === place.uri && declaration.node.kind === 'statement') {
    return changeBlock(file, declaration.node, blockHead, texts);
  }
  const own = freeName(place, `${chip}Tuned`);
  const before = file.tree.root.items[file.tree.root.items.indexOf(scenario) - 1];
  const at = before === undefined ? 0 : behindComments(file.tree.text, before.end).end;
  const lineBreak = lineBreakOf(file.tree);
  const block = `npu ${own} extends ${chip} {${lineBreak}  ${blockText(blockHead, texts)}${lineBreak}}`;
  const newText = before === undefined ? `${block}${lineBreak}${lineBreak}` : `${lineBreak}${lineBreak}${block}`;
  return [{ start: at, end: at, newText }, ...references.map(({ start, end }) => ({ start, end, newText: own }))];
}

/** Sets the burst policy of the scenario. */
export function changeBurst(
  place: ServePlace,
  scheduler: Scheduler,
  policy: BurstPolicy['kind'],
): readonly TextChange[] | undefined {
  const file = fileOf(place);
  const scenario = file && scenarioOf(file, place.scenario);
  if (file === undefined || scenario?.body === undefined) return undefined;
  const inline = statementsOf(scenario.body, 'scheduler')[0];
  if (inline?.body !== undefined) return setProperties(file, inline.body, { burst: policy });
  const reference = propertyOf(scenario.body, 'scheduler');
  if (reference === undefined) return insertInto(file, scenario.body, `scheduler { burst: ${policy} }`);
  const name = reference.value.kind === 'path' ? reference.value.parts[0] : undefined;
  const declaration = name && declarationOf(place, name.text, 'scheduler');
  if (declaration === undefined) return undefined;
  if (declaration.file.uri === place.uri && declaration.node.kind === 'statement') {
    return declaration.node.body && setProperties(file, declaration.node.body, { burst: policy });
  }
  const { order, switchAt, preemption } = scheduler;
  const newText = `scheduler { order: ${order}, burst: ${policy}, switch at: ${switchAt}, preemption: ${preemption} }`;
  return [{ start: reference.start, end: reference.end, newText }];
}

/** A number that is a parameter of an arrival form, and its place. */
export interface LoadParameter {
  readonly name: string;
  /** Its index among the parameters of the form. */
  readonly position: number;
}

/** Sets parameters of the arrivals of a serve: `poisson(rate)`. */
export function changeArrivals(
  place: ServePlace,
  parameters: readonly (LoadParameter & { readonly text: string })[],
): readonly TextChange[] | undefined {
  const file = fileOf(place);
  const serve = file && serveOf(file, place);
  const arrivals = serve && propertyOf(serve.body, 'arrivals')?.value;
  if (file === undefined || arrivals?.kind !== 'application') return undefined;
  const changes: TextChange[] = [];
  for (const { name, position, text } of parameters) {
    const value = parameterOf(arrivals.parameters, arrivals.body, name, position);
    if (value !== undefined) changes.push(replaceValue(place, file, value, text));
    else if (arrivals.parameters !== undefined) {
      const { items, end } = arrivals.parameters;
      changes.push({ start: end - 1, end: end - 1, newText: `${items.length === 0 ? '' : ', '}${name}: ${text}` });
    } else return undefined;
  }
  return changes;
}

/** Sets the limit of one objective of a serve. */
export function changeLimit(place: ServePlace, objective: number, text: string): readonly TextChange[] | undefined {
  const file = fileOf(place);
  const serve = file && serveOf(file, place);
  const slo = serve?.body && statementsOf(serve.body, 'slo')[0];
  const all = (slo?.body?.items ?? []).filter((item): item is Constraint => item.kind === 'constraint');
  const limit = all[objective]?.limit;
  if (file === undefined || limit === undefined) return undefined;
  return [replaceValue(place, file, limit, text)];
}

/** Sets the duration of the scenario. */
export function changeDuration(place: ServePlace, text: string): readonly TextChange[] | undefined {
  const file = fileOf(place);
  const body = file && scenarioOf(file, place.scenario)?.body;
  if (file === undefined || body === undefined) return undefined;
  const value = propertyOf(body, 'duration')?.value;
  return value === undefined ? insertInto(file, body, `duration: ${text}`) : [replaceValue(place, file, value, text)];
}

/** Sets the largest batch size of a serve. */
export function changeBatch(place: ServePlace, max: number): readonly TextChange[] | undefined {
  const file = fileOf(place);
  const serve = file && serveOf(file, place);
  const batch = serve?.body && statementsOf(serve.body, 'batch')[0];
  const value = batch && propertyOf(batch.body, 'max')?.value;
  // Without a block, a batch is one request and cannot be smaller.
  return file === undefined || value === undefined ? undefined : [replaceValue(place, file, value, String(max))];
}

/** Sets limits of the steps of a language model: `{ sequences: '128' }`. */
export function changeSteps(place: ServePlace, texts: PropertyTexts): readonly TextChange[] | undefined {
  const file = fileOf(place);
  const serve = file && serveOf(file, place);
  if (file === undefined || serve?.body === undefined) return undefined;
  const batch = statementsOf(serve.body, 'batch')[0];
  if (batch === undefined) return insertInto(file, serve.body, blockText('batch', texts));
  return batch.body && setProperties(file, batch.body, texts);
}

/** A value in place of another. A `let` that nothing else uses is changed at its declaration, where its author would change it. */
function replaceValue(place: ServePlace, file: SourceFile, value: Expression, newText: string): TextChange {
  const name = value.kind === 'path' && value.parts.length === 1 ? value.parts[0] : undefined;
  const declaration = name && declarationOf(place, name.text, 'let');
  const { node } = declaration ?? {};
  if (node?.kind === 'let' && declaration?.file.uri === place.uri && node.value.kind === 'quantity') {
    const uses = file
      .facts()
      .filter(
        (fact) =>
          fact.kind === 'reference' &&
          fact.declaration.nameOrigin.start === declaration.nameOrigin.start &&
          fact.declaration.file.uri === place.uri,
      );
    if (uses.length === 1) return { start: node.value.start, end: node.value.end, newText };
  }
  return { start: value.start, end: value.end, newText };
}

function changeBlock(
  file: SourceFile,
  npu: Statement,
  blockHead: string,
  texts: PropertyTexts,
): readonly TextChange[] | undefined {
  if (npu.body === undefined) return [{ start: npu.end, end: npu.end, newText: ` { ${blockText(blockHead, texts)} }` }];
  const [keyword = '', word] = blockHead.split(' ');
  const names = [keyword, ...(npuSchema.blocks.find((one) => one.keyword === keyword)?.formerly ?? [])];
  const block = names
    .flatMap((name) => statementsOf(npu.body ?? { items: [] }, name))
    .find((one) => subjectOf(one) === word);
  if (block?.body !== undefined) return setProperties(file, block.body, texts);
  // `mode burst: none` removes an inherited block, so the new block replaces it.
  const removal = npu.body.items.find(
    (item): item is Property => item.kind === 'property' && item.words.map((one) => one.text).join(' ') === blockHead,
  );
  if (removal !== undefined) return [{ start: removal.start, end: removal.end, newText: blockText(blockHead, texts) }];
  return insertInto(file, npu.body, blockText(blockHead, texts));
}

function setProperties(file: SourceFile, body: Body, texts: PropertyTexts): readonly TextChange[] {
  const stated: TextChange[] = [];
  const missing: string[] = [];
  for (const [name, text] of Object.entries(texts)) {
    const property = propertyOf(body, name);
    if (property === undefined) missing.push(`${name}: ${text}`);
    else stated.push({ start: property.value.start, end: property.value.end, newText: text });
  }
  return missing.length === 0 ? stated : [...stated, ...insertInto(file, body, ...missing)];
}

/** Appends items to a block, each on a separate line if the existing items are. Comments stay next to their items. */
function insertInto(file: SourceFile, body: Body, ...items: readonly string[]): readonly TextChange[] {
  const { text } = file.tree;
  const last = body.items.at(-1);
  const lineBreak = lineBreakOf(file.tree);
  if (last === undefined) {
    const comments = text.slice(body.start + 1, body.end - 1).trimEnd();
    const at = body.start + 1 + comments.length;
    if (comments === '') return [{ start: at, end: at, newText: ` ${items.join(', ')} ` }];
    return [{ start: at, end: at, newText: items.map((item) => `${lineBreak}  ${item}`).join('') }];
  }
  const inner = text.slice(body.start + 1, last.start);
  const { end: at, endsLine, isSeparated } = behindComments(text, last.end);
  if (!endsLine && !/[\r\n]/u.test(inner)) {
    return [{ start: at, end: at, newText: `${isSeparated ? ' ' : ', '}${items.join(', ')}` }];
  }
  const indent = /[\r\n]([ \t]*)[^\r\n]*$/u.exec(inner)?.[1] || '  ';
  return [{ start: at, end: at, newText: items.map((item) => `${lineBreak}${indent}${item}`).join('') }];
}

/**
 * The end of the comments after an item that ends at `offset`, on the same line. Also whether nothing can follow them on that line, and
 * whether a comma is before them.
 */
function behindComments(
  text: string,
  offset: number,
): { readonly end: number; readonly endsLine: boolean; readonly isSeparated: boolean } {
  const found = /^([ \t]*,)?((?:[ \t]*\/\*(?:(?!\*\/).)*\*\/)*)([ \t]*\/\/[^\r\n]*)?/u.exec(text.slice(offset));
  const [all = '', comma = '', blocks = '', line = ''] = found ?? [];
  // A comma without a comment after it can stay in place.
  if (blocks === '' && line === '') return { end: offset, endsLine: false, isSeparated: false };
  return { end: offset + all.length, endsLine: line !== '', isSeparated: comma !== '' };
}

function blockText(head: string, texts: PropertyTexts): string {
  const inner = Object.entries(texts).map(([name, text]) => `${name}: ${text}`);
  return `${head} { ${inner.join(', ')} }`;
}

function fileOf({ program, uri }: ServePlace): SourceFile | undefined {
  return program.files.get(uri);
}

function scenarioOf(file: SourceFile, name: string): Statement | undefined {
  return statementsOf(file.tree.root, 'scenario').find((one) => subjectOf(one) === name);
}

function serveOf(file: SourceFile, place: ServePlace): Statement | undefined {
  const body = scenarioOf(file, place.scenario)?.body;
  return body && statementsOf(body, 'serve')[place.serve];
}

function statementsOf(body: Pick<Body, 'items'>, keyword: string): readonly Statement[] {
  return body.items.filter((item): item is Statement => item.kind === 'statement' && item.keyword.text === keyword);
}

function subjectOf({ subject }: Statement): string | undefined {
  return subject?.kind === 'path' ? subject.parts[0]?.text : undefined;
}

function propertyOf(body: Body | undefined, name: string): Property | undefined {
  const has = (item: Item): item is Property =>
    item.kind === 'property' && item.words.map((word: Name) => word.text).join(' ') === name;
  return body?.items.find(has);
}

function parameterOf(
  parameters: Arguments | undefined,
  body: Body | undefined,
  name: string,
  position: number,
): Expression | undefined {
  const named = parameters?.items.find((one) => one.name?.text === name)?.value ?? propertyOf(body, name)?.value;
  if (named !== undefined) return named;
  return parameters?.items.filter((one) => one.name === undefined)[position]?.value;
}

function declarationOf(place: ServePlace, name: string, kind: Declaration['kind']): Declaration | undefined {
  return place.program.declarations(place.uri).find((one) => one.name === name && one.kind === kind);
}

function freeName(place: ServePlace, wanted: string): string {
  const taken = new Set(place.program.declarations(place.uri).map((one) => one.name));
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}${number}`)) number++;
  return `${wanted}${number}`;
}
