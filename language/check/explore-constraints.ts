import { type ExplorationConstraint, isLowerLimit } from '../../design/index.ts';
import { explorationMessages, settingNotes } from '../messages/index.ts';
import { type MeasureWord, measureWords } from '../schema/index.ts';
import { suggest } from '../suggest.ts';
import { type Constraint, displayText } from '../syntax/index.ts';
import { dimensions, dimensionWords, sameDimension } from '../units/index.ts';
import type { BlockReader } from './blocks.ts';
import { originOf } from './checked-file.ts';
import { fixesTo, replaceFix } from './fixes.ts';
import type { Reporter } from './reporter.ts';
import type { Settings } from './settings.ts';

/** Reads the lines `subject to area <= 400 mm2` of an exploration. Lines with an error are reported and left out. */
export function readConstraints(
  settings: Settings,
  reader: BlockReader,
  reporter: Reporter,
): readonly ExplorationConstraint[] {
  const constraints: ExplorationConstraint[] = [];
  for (const item of settings.rest) {
    if (item.kind !== 'constraint') continue;
    const constraint = readConstraint(item, settings, reader, reporter);
    if (constraint === undefined) continue;
    const twin = constraints.find(({ measure }) => measure === constraint.measure);
    if (twin === undefined) constraints.push(constraint);
    else {
      reporter.report(constraint.origin, explorationMessages.constrainedTwice({ measure: constraint.measure }), {
        related: [{ message: settingNotes.firstHere({}).text, origin: twin.origin }],
      });
    }
  }
  return constraints;
}

function readConstraint(
  node: Constraint,
  { scope }: Settings,
  reader: BlockReader,
  reporter: Reporter,
): ExplorationConstraint | undefined {
  const [, to, ...names] = node.words;
  const [first, last] = [names[0], names.at(-1)];
  const measure = names.map((word) => word.text).join(' ');
  const row = measureWords.find((word) => word.name === measure);
  const origin = originOf(scope.file, node);
  if (to?.text !== 'to' || first === undefined || last === undefined || row === undefined) {
    const known = measureWords.map((word) => word.name);
    const isName = to?.text === 'to' && first !== undefined && last !== undefined;
    const close = isName ? suggest(measure, known) : undefined;
    const written = node.words.map((word) => word.text).join(' ');
    const at = isName ? originOf(scope.file, { start: first.start, end: last.end }) : origin;
    reporter.report(at, explorationMessages.unknownConstraint({ written, close }), {
      fixes: isName ? fixesTo(at, close) : [],
    });
    return undefined;
  }
  scope.file.facts.push({ kind: 'word', start: first.start, end: last.end, word: row });
  const operator = isLowerLimit(row.measure) ? '>=' : '<=';
  if (node.operator.text !== operator) {
    const at = originOf(scope.file, node.operator);
    const message = explorationMessages.constraintOperator({ measure, operator, written: node.operator.text });
    reporter.report(at, message, { fixes: [replaceFix(at, operator)] });
    return undefined;
  }
  const value = reader.evaluator.evaluate(node.limit, scope);
  if (value === undefined) return undefined;
  const at = originOf(scope.file, node.limit);
  if (value.kind !== 'quantity' || !sameDimension(value.dimension, dimensions[row.dimension])) {
    const { phrase, example } = dimensionWords[row.dimension];
    reporter.report(at, explorationMessages.constraintUnit({ measure, phrase, example }));
    return undefined;
  }
  if (!isPossible(row, value.value)) {
    const most = row.dimension === 'ratio' ? ' and at most 100 %' : '';
    reporter.report(at, explorationMessages.constraintRange({ measure, most }));
    return undefined;
  }
  scope.file.facts.push({
    kind: 'value',
    start: node.limit.start,
    end: node.limit.end,
    value: value.value,
    dimension: value.dimension,
  });
  const text = displayText(scope.file.tree, first.start, node.end);
  return { measure: row.measure, limit: value.value, text, origin };
}

function isPossible({ dimension }: MeasureWord, limit: number): boolean {
  return limit > 0 && (dimension !== 'ratio' || limit <= 1);
}
