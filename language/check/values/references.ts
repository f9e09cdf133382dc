import { aKind, nameMessages, valueMessages } from '../../messages/index.ts';
import { schedulerSchema } from '../../schema/index.ts';
import type { Expression, Name } from '../../syntax/index.ts';
import { type Declaration, originOf } from '../checked-file.ts';
import { type ReadingTools, reportMisfit, type Slot } from './slot.ts';

/** Reads the name of a declaration. */
export function readReference(slot: Slot, to: Declaration['kind'], tools: ReadingTools): Declaration | undefined {
  const { property, node, scope } = slot;
  const { reporter, evaluator } = tools;
  const wanted = `the name of ${aKind(to)}`;
  const name = node.kind === 'path' && node.parts.length === 1 ? node.parts[0] : undefined;
  if (name === undefined) {
    const changed = changedName(node);
    if (to !== 'npu' || changed === undefined) return reportMisfit(slot, wanted, tools);
    // `npu: Chip { clock: 2 GHz }`
    const start = node.kind === 'application' ? (node.parameters ?? node.body ?? node).start : node.start;
    const origin = originOf(scope.file, { start, end: node.end });
    reporter.report(origin, valueMessages.changedReference({ name: property.name, wanted, changed: changed.text }));
    return undefined;
  }
  const owner = to === 'scheduler' && !scope.file.visible.has(name.text) ? ownerOf(name.text) : undefined;
  if (owner === undefined) return evaluator.lookUp(name, scope, to);
  // `scheduler: edf`
  reporter.report(originOf(scope.file, name), nameMessages.valueOfScheduler({ name: name.text, property: owner }));
  return undefined;
}

function changedName(node: Expression): Name | undefined {
  return node.kind === 'application' && node.body !== undefined && node.path.parts.length === 1
    ? node.path.parts[0]
    : undefined;
}

/** The property of a scheduler that accepts this word. */
function ownerOf(word: string): string | undefined {
  return schedulerSchema.properties.find(({ type }) => {
    if (type.kind === 'word') return type.words.some(({ name }) => name === word);
    return type.kind === 'form' && type.forms.some(({ keyword }) => keyword === word);
  })?.name;
}
