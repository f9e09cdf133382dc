import { schedulerSchema } from '../../schema/index.ts';
import type { Expression, Name } from '../../syntax/index.ts';
import { aKind, type Declaration, originOf } from '../context.ts';
import { type ReadingTools, reportMisfit, type Slot } from './slot.ts';

/** A declaration that a property names. */
export function readReference(slot: Slot, to: Declaration['kind'], tools: ReadingTools): Declaration | undefined {
  const { property, node, scope } = slot;
  const { reporter, evaluator } = tools;
  const wanted = `the name of ${aKind(to)}`;
  const name = node.kind === 'path' && node.parts.length === 1 ? node.parts[0] : undefined;
  if (name === undefined) {
    const changed = changedName(node);
    if (to !== 'npu' || changed === undefined) return reportMisfit(slot, wanted, tools);
    // `npu: Chip { clock: 2 GHz }`
    const hint = `declare the changed one: 'npu Mine extends ${changed.text} { ... }'`;
    const start = node.kind === 'application' ? (node.parameters ?? node.body ?? node).start : node.start;
    const origin = originOf(scope.file, { start, end: node.end });
    reporter.report(origin, 'unexpected-value', `'${property.name}' takes ${wanted}; ${hint}`);
    return undefined;
  }
  const owner = to === 'scheduler' && !scope.file.visible.has(name.text) ? ownerOf(name.text) : undefined;
  if (owner === undefined) return evaluator.lookUp(name, scope, to);
  // `scheduler: edf`
  const message = `there is no scheduler '${name.text}'; it is a value of '${owner}': 'scheduler { ${owner}: ${name.text} }'`;
  reporter.report(originOf(scope.file, name), 'unknown-name', message);
  return undefined;
}

function changedName(node: Expression): Name | undefined {
  return node.kind === 'application' && node.body !== undefined && node.path.parts.length === 1
    ? node.path.parts[0]
    : undefined;
}

/** The property of a scheduler that takes a word. */
function ownerOf(word: string): string | undefined {
  return schedulerSchema.properties.find(({ type }) => {
    if (type.kind === 'word') return type.words.some(({ name }) => name === word);
    return type.kind === 'form' && type.forms.some(({ keyword }) => keyword === word);
  })?.name;
}
