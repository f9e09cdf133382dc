import { isMixedKey } from '../../../design/index.ts';
import { valueMessages } from '../../messages/index.ts';
import type { ValueType } from '../../schema/index.ts';
import { suggest } from '../../suggest.ts';
import { dimensions, dimensionWords, findUnit, sameDimension } from '../../units/index.ts';
import { originOf } from '../checked-file.ts';
import { fixesTo, reportOldSpelling } from '../fixes.ts';
import type { SettingValue } from '../settings.ts';
import { readQuantity } from './quantities.ts';
import { pathOf, type ReadingTools, type Slot } from './slot.ts';

type FormType = ValueType & { readonly kind: 'form' };

/** Reads a form, such as `poisson(peak)`, `slack { guard: 5 % }` or `never`, or a quantity if the schema allows one instead. */
export function readForm(slot: Slot, type: FormType, tools: ReadingTools): SettingValue | undefined {
  const { property, node, scope } = slot;
  const path = pathOf(node);
  const written = path?.parts.map((part) => part.text).join('.');
  const form = type.forms.find((one) => one.keyword === written || one.formerly?.includes(written ?? '') === true);
  if (form !== undefined && path !== undefined && (node.kind === 'path' || node.kind === 'application')) {
    if (written !== undefined && form.keyword !== written) {
      reportOldSpelling(tools.reporter, originOf(scope.file, path), written, form.keyword);
    }
    scope.file.facts.push({ kind: 'block', start: path.start, end: path.end, schema: form });
    return { kind: 'form', form: form.keyword, settings: tools.readForm(form, node, scope) };
  }
  const isLet = node.kind === 'path' && (scope.file.visible.has(written ?? '') || scope.parameters?.has(written ?? ''));
  if (type.quantity !== undefined && (path === undefined || isLet)) return readQuantity(slot, type.quantity, tools);
  const names = type.forms.map((one) => one.keyword);
  const origin = originOf(scope.file, path ?? node);
  if (written === undefined) {
    const close = callOf(type, slot);
    const message = valueMessages.notAForm({ name: property.name, known: names, close });
    tools.reporter.report(origin, message, { fixes: fixesTo(origin, close) });
    return undefined;
  }
  if (isMixedKey(written)) {
    tools.reporter.report(origin, valueMessages.mixedFormat({ name: property.name, written }));
    return undefined;
  }
  const close = suggest(written, names);
  const quantity = type.quantity && dimensionWords[type.quantity.dimensions[0]].phrase;
  const message = valueMessages.unknownForm({ name: property.name, written, known: names, quantity, close });
  tools.reporter.report(origin, message, { fixes: fixesTo(origin, close) });
  return undefined;
}

/** For `arrivals: 10 rps`: suggests the first form whose first parameter accepts such a quantity, such as `poisson(10 rps)`. */
function callOf(type: FormType, { node, scope }: Slot): string | undefined {
  const unit = node.kind === 'quantity' ? findUnit(node.unit?.text ?? '') : undefined;
  if (unit === undefined) return undefined;
  const form = type.forms.find(({ properties: [first] }) =>
    first?.type.kind === 'quantity' ? sameDimension(dimensions[first.type.dimensions[0]], unit.dimension) : false,
  );
  return form && `${form.keyword}(${scope.file.tree.text.slice(node.start, node.end)})`;
}
