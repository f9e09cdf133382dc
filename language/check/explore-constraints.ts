import type { ExplorationConstraint } from '../../design/index.ts';
import { explorationMessages, settingNotes } from '../messages/index.ts';
import { constraintWords } from '../schema/index.ts';
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
  const [, to, name, extra] = node.words;
  const row = constraintWords.find((word) => word.name === name?.text);
  const origin = originOf(scope.file, node);
  if (to?.text !== 'to' || name === undefined || row === undefined || extra !== undefined) {
    const known = constraintWords.map((word) => word.name);
    const close = name === undefined ? undefined : suggest(name.text, known);
    const written = node.words.map((word) => word.text).join(' ');
    const isName = to?.text === 'to' && name !== undefined && extra === undefined;
    const at = isName ? originOf(scope.file, name) : origin;
    reporter.report(at, explorationMessages.unknownConstraint({ written, known, close }), {
      fixes: isName ? fixesTo(at, close) : [],
    });
    return undefined;
  }
  scope.file.facts.push({ kind: 'word', start: name.start, end: name.end, word: row });
  if (node.operator.text !== '<=') {
    const at = originOf(scope.file, node.operator);
    reporter.report(at, explorationMessages.constraintOperator({ operator: node.operator.text }), {
      fixes: [replaceFix(at, '<=')],
    });
    return undefined;
  }
  const value = reader.evaluator.evaluate(node.limit, scope);
  if (value === undefined) return undefined;
  const at = originOf(scope.file, node.limit);
  if (value.kind !== 'quantity' || !sameDimension(value.dimension, dimensions[row.dimension])) {
    const { phrase, example } = dimensionWords[row.dimension];
    reporter.report(at, explorationMessages.constraintUnit({ measure: row.name, phrase, example }));
    return undefined;
  }
  if (!(value.value > 0)) {
    reporter.report(at, explorationMessages.constraintRange({ measure: row.name }));
    return undefined;
  }
  const text = displayText(scope.file.tree, name.start, node.end);
  return { measure: row.name, limit: value.value, text, origin };
}
