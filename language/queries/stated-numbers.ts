import type { StatedNumber } from '../../design/index.ts';
import {
  type AnyNode,
  childrenOf,
  type Item,
  type Quantity,
  type Statement,
  type SyntaxTree,
} from '../syntax/index.ts';
import { joined, pathOf, wordsOf } from './stated-path.ts';

/** Numbers as a person writes them. `1_000` and `1e6` are left out, because a step would change their form. */
const plainNumber = /^\d+(?:\.\d+)?$/u;

/** A file has at most this many. Our assumption: more are of no use as sliders. */
const mostNumbers = 200;

/** The numbers with a unit in text order. Those of explorations are left out: they state ranges, and no run uses them. */
export function statedNumbers(tree: SyntaxTree): readonly StatedNumber[] {
  const found: StatedNumber[] = [];
  const counts = new Map<string, number>();

  function add({ start, digits, unit }: Quantity, path: string, scenario: string | null): void {
    if (unit === undefined || !plainNumber.test(digits) || found.length >= mostNumbers) return;
    const count = (counts.get(path) ?? 0) + 1;
    counts.set(path, count);
    const unique = count === 1 ? path : `${path} #${count}`;
    found.push({ path: unique, text: digits, unit: unit.text, start, end: start + digits.length, scenario });
  }

  function visit(node: AnyNode, within: string, scenario: string | null): void {
    switch (node.kind) {
      case 'quantity':
        add(node, within, scenario);
        return;
      case 'import':
      case 'range':
        return;
      case 'let':
        visit(node.value, joined(within, node.name?.text ?? ''), scenario);
        return;
      case 'property':
        visit(node.value, joined(within, wordsOf(node)), scenario);
        return;
      case 'constraint':
        visit(node.limit, joined(within, wordsOf(node)), scenario);
        return;
      case 'argument':
        visit(node.value, node.name === undefined ? within : joined(within, node.name.text), scenario);
        return;
      case 'statement':
        statement(node, within, scenario);
        return;
      default:
        for (const child of childrenOf(node)) visit(child, within, scenario);
    }
  }

  function statement(node: Statement, within: string, scenario: string | null): void {
    if (node.keyword.text === 'explore') return;
    const path = pathOf(tree, node, within);
    const inside = node.keyword.text === 'scenario' ? path : scenario;
    for (const part of [node.subject, node.parameters]) if (part !== undefined) visit(part, path, inside);
    for (const clause of node.clauses) visit(clause.value, joined(path, clause.keyword.text), inside);
    for (const item of node.body?.items ?? []) visit(item, path, inside);
  }

  const items: readonly Item[] = tree.root.items;
  for (const item of items) visit(item, '', null);
  return found;
}
