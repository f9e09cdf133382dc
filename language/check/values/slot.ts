import { valueMessages } from '../../messages/index.ts';
import type { BlockSchema, PropertySchema } from '../../schema/index.ts';
import type { Application, Expression, Path } from '../../syntax/index.ts';
import { originOf } from '../checked-file.ts';
import type { Evaluator } from '../evaluate.ts';
import type { Reporter } from '../reporter.ts';
import type { Scope } from '../scope.ts';
import type { Settings, SettingValue } from '../settings.ts';

/**
 * The tools for reading a value. `readForm` reads the parameters of a form. It is passed in, because blocks contain values and values
 * contain blocks.
 */
export interface ReadingTools {
  readonly reporter: Reporter;
  readonly evaluator: Evaluator;
  readForm(schema: BlockSchema, node: Path | Application, scope: Scope): Settings;
}

/** A value to read: its property, its expression, and the scope of its names. */
export interface Slot {
  readonly property: PropertySchema;
  readonly node: Expression;
  readonly scope: Scope;
  /** The value that an extending npu inherits for the property. */
  readonly inherited?: SettingValue | undefined;
}

/** Reports a value that the property does not accept. `wanted` describes the accepted values. */
export function reportMisfit({ property, node, scope }: Slot, wanted: string, { reporter }: ReadingTools): undefined {
  reporter.report(originOf(scope.file, node), valueMessages.misfit({ name: property.name, wanted }));
  return undefined;
}

/** The path of `name` and of `name(...)`. */
export function pathOf(node: Expression): Path | undefined {
  return node.kind === 'path' ? node : node.kind === 'application' ? node.path : undefined;
}
