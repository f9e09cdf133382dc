import type { Diagnostic } from '../../design/index.ts';
import type { CommonEnds } from './common-ends.ts';
import type { Body, Item } from './nodes.ts';

/*
 * Reuses parts of an earlier tree for a text that differs a little: the top-level items that are completely before or after the change. Items
 * after it may have moved. Their blocks are moved only when their content is read, because a keystroke affects one of hundreds.
 */

/** The reusable item that starts at an offset of the new text, if there is one. */
export type ReadyItems = (start: number) => Item | undefined;

/** The tree of an earlier text. */
export interface EarlierTree {
  readonly text: string;
  readonly root: Body;
  readonly diagnostics: readonly Diagnostic[];
}

export function readyItems(previous: EarlierTree, text: string, { head, tail }: CommonEnds): ReadyItems {
  const before = previous.text;
  const delta = text.length - before.length;
  const tailStart = before.length - tail;
  const faults = previous.diagnostics.map(({ origin }) => origin);
  const { items } = previous.root;
  const ready = new Map<number, Item>();
  // A missing part of an item is reported at the next token, which can be far after the item.
  const reportEnds = new Map<Item, number>();
  for (const [i, item] of items.entries())
    reportEnds.set(item, Math.max(item.end + 1, items[i + 1]?.start ?? before.length));
  let firstBehind = items.length;
  // The next item decides where an item ends, so an item is unchanged only if the next one is unchanged too.
  for (const [i, item] of items.entries()) {
    const next = items[i + 1];
    if (next === undefined || next.end > head) break;
    ready.set(item.start, item);
  }
  let line = Number.POSITIVE_INFINITY;
  for (let i = items.length - 1; i > 0; i--) {
    const item = items[i];
    if (item === undefined) break;
    // Thousands of items may share a line, so its start is searched only once.
    if (item.start < line) line = lineStart(before, item.start);
    // The whole line must be unchanged, because the indentation of an item decides which block it can end.
    if (line < tailStart) break;
    firstBehind = i;
  }
  for (const item of items.slice(firstBehind)) ready.set(item.start + delta, item);
  return (start) => {
    const item = ready.get(start);
    if (item === undefined) return undefined;
    const until = reportEnds.get(item) ?? before.length;
    if (faults.some((one) => one.start <= until && one.end >= item.start - 1)) return undefined;
    return item.start === start ? item : moveItem(item, start - item.start);
  };
}

function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && text.charCodeAt(at - 1) !== 0x0a && text.charCodeAt(at - 1) !== 0x0d) at--;
  return at;
}

/** Blocks whose content was not read since they were parsed: the parsed items, and the distance by which they have moved. */
const unmoved = new WeakMap<Body, { readonly items: readonly Item[]; readonly delta: number }>();

function moveItem(item: Item, delta: number): Item {
  if (item.kind !== 'statement' || item.body === undefined) return moved(item, delta);
  const { body, ...head } = item;
  return { ...moved(head, delta), body: moveBody(body, delta) };
}

function moveBody(body: Body, delta: number): Body {
  // A block that moves many times before it is read is moved only once, when it is read.
  const waiting = unmoved.get(body);
  const source = waiting?.items ?? body.items;
  const total = (waiting?.delta ?? 0) + delta;
  let seen: readonly Item[] | undefined;
  const result: Body = {
    kind: 'body',
    start: body.start + delta,
    end: body.end + delta,
    closed: body.closed,
    get items(): readonly Item[] {
      if (seen === undefined) {
        seen = moved(source, total);
        unmoved.delete(result);
      }
      return seen;
    },
  };
  unmoved.set(result, { items: source, delta: total });
  return result;
}

/** A copy of a node with all its offsets moved. */
function moved<T>(value: T, delta: number): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one: unknown) => moved(one, delta)) as T;
  const copy = { ...value } as Record<string, unknown>;
  for (const key in copy) {
    const inner = copy[key];
    if (typeof inner === 'object') copy[key] = moved(inner, delta);
    else if (key === 'start' || key === 'end') copy[key] = (inner as number) + delta;
  }
  return copy as T;
}
