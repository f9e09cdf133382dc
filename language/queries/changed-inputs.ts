import { format } from '../format/index.ts';
import type { SourceFile } from '../program.ts';
import { type Argument, type Body, type Item, parse, type Statement, type SyntaxTree } from '../syntax/index.ts';
import { joined, pathOf, textOf, wordsOf } from './stated-path.ts';

/** A value that a text states, under the names of its blocks: `Mine.HBM.bandwidth` is `900 GB/s`. */
interface StatedInput {
  readonly path: string;
  /** As written, without comments and line breaks. */
  readonly text: string;
}

/** A value that differs between two programs. null: one of them does not state it. */
export interface ChangedInput {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * The values that two sets of files state differently: first those that the later files state, in their order, then those that they no
 * longer state. Comments, spaces and the order of statements make no difference.
 */
export function changedInputs(
  before: readonly Pick<SourceFile, 'uri' | 'text'>[],
  after: readonly Pick<SourceFile, 'uri' | 'text'>[],
): readonly ChangedInput[] {
  const old = inputsOf(before);
  const now = inputsOf(after);
  const changed: ChangedInput[] = [];
  for (const [path, text] of now) {
    const was = old.get(path) ?? null;
    if (was !== text) changed.push({ path, before: was, after: text });
  }
  for (const [path, text] of old) if (!now.has(path)) changed.push({ path, before: text, after: null });
  return changed;
}

/** The inputs of files by path. A path that occurs several times (layers without a label) is numbered: `M.relu`, `M.relu #2`. */
function inputsOf(files: readonly Pick<SourceFile, 'uri' | 'text'>[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const { uri, text } of files) {
    const written = parse(text, uri);
    // A formatted text has the same spaces everywhere, so that `9000rps` and `9000 rps` are equal.
    const tree = parse(format(written), uri);
    for (const input of itemsInputs(tree, tree.root.items, '')) {
      const count = (counts.get(input.path) ?? 0) + 1;
      counts.set(input.path, count);
      found.set(count === 1 ? input.path : `${input.path} #${count}`, input.text);
    }
  }
  return found;
}

function itemsInputs(tree: SyntaxTree, items: readonly Item[], within: string): readonly StatedInput[] {
  return items.flatMap((item) => itemInputs(tree, item, within));
}

function itemInputs(tree: SyntaxTree, item: Item, within: string): readonly StatedInput[] {
  switch (item.kind) {
    case 'import':
      return [{ path: `import ${item.path?.value ?? ''}`, text: item.path?.value ?? '' }];
    case 'let':
      return [{ path: joined(within, item.name?.text ?? ''), text: textOf(tree, item.value) }];
    case 'constraint': {
      const path = joined(within, wordsOf(item));
      return [{ path, text: `${item.operator.text} ${textOf(tree, item.limit)}` }];
    }
    case 'property': {
      const path = joined(within, wordsOf(item));
      const { value } = item;
      if (value.kind !== 'application' || value.body === undefined) return [{ path, text: textOf(tree, value) }];
      const head = { start: value.start, end: value.body.start };
      return [{ path, text: textOf(tree, head) }, ...bodyInputs(tree, value.body, path)];
    }
    case 'statement':
      return statementInputs(tree, item, within);
  }
}

function statementInputs(tree: SyntaxTree, item: Statement, within: string): readonly StatedInput[] {
  const { keyword, subject, parameters, clauses, body } = item;
  const path = pathOf(tree, item, within);
  const stated: StatedInput[] = clauses.map((clause) => ({
    path: joined(path, clause.keyword.text),
    text: textOf(tree, clause.value),
  }));
  // `repeat 3 { }`: the subject is a value and not a name.
  if (subject !== undefined && subject.kind !== 'path') stated.push({ path, text: textOf(tree, subject) });
  const given: readonly Argument[] = parameters?.items ?? [];
  if (parameters !== undefined && given.length > 0) {
    stated.push({ path: joined(path, 'parameters'), text: textOf(tree, parameters) });
  }
  // A statement without any value is an input by being there: `relu`.
  if (stated.length === 0 && body === undefined) stated.push({ path, text: keyword.text });
  return body === undefined ? stated : [...stated, ...bodyInputs(tree, body, path)];
}

function bodyInputs(tree: SyntaxTree, body: Body, within: string): readonly StatedInput[] {
  return itemsInputs(tree, body.items, within);
}
