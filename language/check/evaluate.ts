import { assertNever, type Fix } from '../../design/index.ts';
import { nameMessages, nameNotes, valueMessages, valueNotes } from '../messages/index.ts';
import type { DeclarationKind } from '../schema/index.ts';
import { suggest } from '../suggest.ts';
import type { Binary, Dimensions, Expression, Name, Path, Quantity } from '../syntax/index.ts';
import {
  type Dimension,
  describeDimension,
  dimensions,
  divideDimensions,
  findUnit,
  formatQuantity,
  multiplyDimensions,
  plain,
  sameDimension,
  toSi,
  unitNames,
} from '../units/index.ts';
import { type CheckedFile, type Declaration, namesOfKind, originOf } from './checked-file.ts';
import { fixesTo, replaceFix } from './fixes.ts';
import type { Reporter } from './reporter.ts';

/** The value of an expression. Quantities are in SI units. `digits` keeps the digits of a literal that a double cannot represent. */
export type Value =
  | { readonly kind: 'quantity'; readonly value: number; readonly dimension: Dimension; readonly digits?: string }
  | { readonly kind: 'dimensions'; readonly factors: readonly number[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly (Value | undefined)[] };

/** The scope of names: the parameters of the current block, then the file. */
export interface Scope {
  readonly file: CheckedFile;
  readonly parameters?: ReadonlyMap<string, Parameter>;
}

export interface Parameter {
  readonly value: Value | undefined;
  readonly target: { readonly uri: string; readonly start: number; readonly end: number };
}

/** A library file that declares the name, and the fix that imports it. */
export interface Importable {
  readonly library: string;
  readonly fix: Fix;
}

/** Finds library files that declare a name of this kind. */
export interface Library {
  importable(name: string, kind: DeclarationKind, file: CheckedFile): readonly Importable[];
}

/** The longest chain of `let`s. A longer chain is a mistake, and the recursion must not overflow the stack. Our assumption. */
const maxLetDepth = 200;

/** Evaluates expressions and remembers the value of each `let`. */
export class Evaluator {
  private readonly reporter: Reporter;
  private readonly lets = new Map<Declaration, Value | undefined>();
  private readonly evaluating: Declaration[] = [];
  private readonly fixed: ReadonlyMap<Declaration, Value>;
  private readonly library: Library;

  /** `library`: suggests imports. `fixed`: values that replace those of some `let`s. */
  constructor(reporter: Reporter, library: Library, fixed: ReadonlyMap<Declaration, Value> = new Map()) {
    this.library = library;
    this.fixed = fixed;
    this.reporter = reporter;
  }

  /** undefined after an error, which is reported. */
  evaluate(expression: Expression, scope: Scope): Value | undefined {
    switch (expression.kind) {
      case 'quantity':
        return this.quantity(expression, scope);
      case 'text':
        return { kind: 'text', text: expression.value };
      case 'path':
        return this.path(expression, scope);
      case 'group':
        return this.evaluate(expression.inner, scope);
      case 'unary': {
        const operand = this.evaluate(expression.operand, scope);
        if (operand === undefined || expression.operator === '+') return operand;
        if (operand.kind !== 'quantity') return this.notANumber(expression.operand, scope);
        return { kind: 'quantity', value: -operand.value, dimension: operand.dimension };
      }
      case 'binary':
        return this.binary(expression, scope);
      case 'dimensions':
        return this.dimensions(expression, scope);
      case 'list':
        return { kind: 'list', items: expression.items.map((item) => this.evaluate(item, scope)) };
      case 'application':
      case 'range':
      case 'with':
        this.reporter.report(originOf(scope.file, expression), valueMessages.notAValue());
        return undefined;
      case 'missing':
        return undefined;
      default:
        return assertNever(expression);
    }
  }

  letValue(declaration: Declaration): Value | undefined {
    if (this.lets.has(declaration)) return this.lets.get(declaration);
    const fixed = this.fixed.get(declaration);
    if (fixed !== undefined) return fixed;
    const node = declaration.node;
    if (node.kind !== 'let') return undefined;
    const cycle = this.evaluating.indexOf(declaration);
    if (cycle >= 0 || this.evaluating.length >= maxLetDepth) {
      const names = [...this.evaluating.slice(Math.max(0, cycle)), declaration].map((one) => one.name);
      const { name, nameOrigin } = declaration;
      const message =
        cycle >= 0
          ? nameMessages.letCycle({ name, names })
          : nameMessages.letTooDeep({ name, most: maxLetDepth, names });
      this.reporter.report(nameOrigin, message);
      return undefined;
    }
    this.evaluating.push(declaration);
    const value = this.evaluate(node.value, { file: declaration.file });
    this.evaluating.pop();
    this.lets.set(declaration, value);
    if (value?.kind === 'quantity') {
      const { start, end } = node.value;
      declaration.file.facts.push({ kind: 'value', start, end, value: value.value, dimension: value.dimension });
    }
    return value;
  }

  private quantity(node: Quantity, scope: Scope): Value | undefined {
    if (node.unit === undefined) {
      const value = this.finite(node, scope, node.number, plain);
      return value?.kind === 'quantity' ? { ...value, digits: node.digits } : undefined;
    }
    const unit = findUnit(node.unit.text);
    if (unit === undefined) {
      this.unknownUnit(node.unit, scope);
      return undefined;
    }
    return this.finite(node, scope, toSi(node.number, unit), unit.dimension);
  }

  private unknownUnit(unit: Name, scope: Scope): void {
    const origin = originOf(scope.file, unit);
    if (/bit|^[kMGT]?b(?:ps|\/s)?$/u.test(unit.text)) {
      this.reporter.report(origin, valueMessages.unitOfBits({ unit: unit.text }));
      return;
    }
    const close = suggestUnit(unit.text);
    this.reporter.report(origin, valueMessages.unknownUnit({ unit: unit.text, close }), {
      fixes: fixesTo(origin, close),
    });
  }

  private path(path: Path, scope: Scope): Value | undefined {
    const [first] = path.parts;
    if (first === undefined) return undefined;
    if (path.parts.length > 1) {
      const written = path.parts.map((part) => part.text).join('.');
      this.reporter.report(originOf(scope.file, path), valueMessages.notALet({ written }));
      return undefined;
    }
    const parameter = scope.parameters?.get(first.text);
    if (parameter !== undefined) {
      scope.file.facts.push({
        kind: 'label',
        start: first.start,
        end: first.end,
        name: first.text,
        target: parameter.target,
      });
      return parameter.value;
    }
    const declaration = this.lookUp(first, scope, 'let');
    return declaration === undefined ? undefined : this.letValue(declaration);
  }

  /** Finds the declaration of a name. Reports names that are unknown, ambiguous or of the wrong kind. */
  lookUp(name: Name, scope: Scope, kind: Declaration['kind']): Declaration | undefined {
    const origin = originOf(scope.file, name);
    const found = scope.file.visible.get(name.text) ?? [];
    const fitting = found.find((declaration) => declaration.kind === kind);
    const [first, second] = found;
    const declaredHere = nameNotes.declaredHere({ name: name.text }).text;
    if (first !== undefined && second !== undefined && first.file !== scope.file) {
      this.reporter.report(origin, nameMessages.ambiguousName({ name: name.text }), {
        related: found.map((one) => ({ message: declaredHere, origin: one.nameOrigin })),
      });
    }
    if (fitting !== undefined) {
      scope.file.used.add(fitting);
      scope.file.facts.push({ kind: 'reference', start: name.start, end: name.end, declaration: fitting });
      return fitting;
    }
    if (first !== undefined) {
      this.reporter.report(origin, nameMessages.wrongKind({ name: name.text, kind: first.kind, wanted: kind }), {
        related: [{ message: declaredHere, origin: first.nameOrigin }],
      });
      scope.file.facts.push({ kind: 'reference', start: name.start, end: name.end, declaration: first });
      return undefined;
    }
    const minus = name.text.indexOf('-');
    const spaced = kind === 'let' && minus > 0 ? name.text.replace('-', ' - ') : undefined;
    if (spaced !== undefined && isLet(name.text.slice(0, minus), scope)) {
      this.reporter.report(origin, nameMessages.subtractionInName({ name: name.text, spaced }), {
        fixes: [replaceFix(origin, spaced)],
      });
      return undefined;
    }
    const close = this.reporter.suggest(name.text, () => [
      ...namesOfKind(scope.file, kind),
      ...(kind === 'let' ? (scope.parameters?.keys() ?? []) : []),
    ]);
    const imports = this.library.importable(name.text, kind, scope.file);
    const [from] = imports;
    const message =
      from === undefined
        ? nameMessages.unknownName({ name: name.text, kind, close })
        : nameMessages.importableName({ name: name.text, kind, library: from.library });
    this.reporter.report(origin, message, {
      fixes: [...imports.map((one) => one.fix), ...fixesTo(origin, close)],
    });
    return undefined;
  }

  private binary(node: Binary, scope: Scope): Value | undefined {
    const left = this.evaluate(node.left, scope);
    const right = this.evaluate(node.right, scope);
    if (left === undefined || right === undefined) return undefined;
    if (left.kind !== 'quantity') return this.notANumber(node.left, scope);
    if (right.kind !== 'quantity') return this.notANumber(node.right, scope);
    switch (node.operator) {
      case '*':
        return this.finite(node, scope, left.value * right.value, multiplyDimensions(left.dimension, right.dimension));
      case '/':
        return this.finite(node, scope, left.value / right.value, divideDimensions(left.dimension, right.dimension));
      case '+':
      case '-': {
        if (!sameDimension(left.dimension, right.dimension)) {
          const { operator } = node;
          const wanted = describeDimension(left.dimension);
          const message = valueMessages.mixedSum({ operator, left: wanted, right: describeDimension(right.dimension) });
          const value = formatQuantity(left.value, left.dimension);
          const note = valueNotes.quantity({ kind: wanted, value }).text;
          this.reporter.report(originOf(scope.file, node.right), message, {
            related: [{ message: note, origin: originOf(scope.file, node.left) }],
          });
          return undefined;
        }
        const sum = node.operator === '+' ? left.value + right.value : left.value - right.value;
        return this.finite(node, scope, sum, left.dimension);
      }
      default:
        return assertNever(node.operator);
    }
  }

  private finite(node: Expression, scope: Scope, value: number, dimension: Dimension): Value | undefined {
    if (Number.isFinite(value)) return { kind: 'quantity', value, dimension };
    const isDivision = node.kind === 'binary' && node.operator === '/';
    const message = isDivision ? valueMessages.divisionByZero() : valueMessages.tooLarge();
    this.reporter.report(originOf(scope.file, node), message);
    return undefined;
  }

  private dimensions(node: Dimensions, scope: Scope): Value | undefined {
    const factors: number[] = [];
    for (const factor of node.factors) {
      const value = this.evaluate(factor, scope);
      if (value === undefined) return undefined;
      if (value.kind !== 'quantity' || !sameDimension(value.dimension, dimensions.number)) {
        return this.notANumber(factor, scope);
      }
      factors.push(value.value);
    }
    return { kind: 'dimensions', factors };
  }

  private notANumber(node: Expression, scope: Scope): undefined {
    this.reporter.report(originOf(scope.file, node), valueMessages.notANumber());
    return undefined;
  }
}

function isLet(name: string, { file, parameters }: Scope): boolean {
  return parameters?.has(name) === true || file.visible.get(name)?.some(({ kind }) => kind === 'let') === true;
}

/** Suggests the unit for common spellings such as `GBps`, `msec` or `gb/s`. */
function suggestUnit(written: string): string | undefined {
  const slash = written.indexOf('/');
  if (slash > 0) {
    const parts = [written.slice(0, slash), written.slice(slash + 1)].map((part) =>
      findUnit(part) === undefined ? suggest(part, unitNames) : part,
    );
    return parts.includes(undefined) ? undefined : parts.join('/');
  }
  const perSecond = /^(.+)ps$/iu.exec(written)?.[1];
  if (perSecond !== undefined && findUnit(perSecond) !== undefined) return `${perSecond}/s`;
  return suggest(written, unitNames);
}
