import { valueMessages } from '../../messages/index.ts';
import type { BlockSchema, PropertySchema } from '../../schema/index.ts';
import type { Application, Expression, Path } from '../../syntax/index.ts';
import { originOf, type Reporter } from '../context.ts';
import type { Evaluator, Scope } from '../evaluate.ts';
import type { Settings } from '../settings.ts';

/** What reading a value needs. `readForm` reads a form's parameters; handed in, because blocks hold values and values hold blocks. */
export interface ReadingTools {
  readonly reporter: Reporter;
  readonly evaluator: Evaluator;
  readForm(schema: BlockSchema, node: Path | Application, scope: Scope): Settings;
}

/** Where a value stands: the property that it is for, what is written there, and where its names are looked up. */
export interface Slot {
  readonly property: PropertySchema;
  readonly node: Expression;
  readonly scope: Scope;
}

/** Says what the property takes instead. */
export function reportMisfit({ property, node, scope }: Slot, wanted: string, { reporter }: ReadingTools): undefined {
  reporter.report(originOf(scope.file, node), valueMessages.misfit({ name: property.name, wanted }));
  return undefined;
}

/** The path of `name` and of `name(...)`. */
export function pathOf(node: Expression): Path | undefined {
  return node.kind === 'path' ? node : node.kind === 'application' ? node.path : undefined;
}
