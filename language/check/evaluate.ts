import { assertNever } from '../../design/index.ts';
import { nameMessages, valueMessages, valueNotes } from '../messages/index.ts';
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
} from '../units/index.ts';
import { type Declaration, originOf } from './checked-file.ts';
import { fixesTo } from './fixes.ts';
import { type Library, lookUpName } from './names.ts';
import type { Reporter } from './reporter.ts';
import type { Scope, Value } from './scope.ts';
import { suggestUnit } from './unit-suggestion.ts';

/** The longest chain of `let`s. A longer chain is a mistake, and the recursion must not overflow the stack. Our assumption. */
const maxLetDepth = 200;

/** Evaluates expressions and stores the value of each `let`. */
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
    return lookUpName(name, scope, kind, this.reporter, this.library);
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
