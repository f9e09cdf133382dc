import { layerMessages } from '../messages/index.ts';
import type { BlockSchema } from '../schema/index.ts';
import type { Item, Name } from '../syntax/index.ts';
import type { BlockReader } from './blocks.ts';
import { originOf } from './checked-file.ts';
import { declareLabel, exportLabels, Labels, labelPrefix, type Place, type Port } from './labels.ts';
import { asForm, type Entry, entryOf, layerByKeyword, structureByKeyword } from './layer-entries.ts';
import type { LayerList } from './layer-list.ts';
import { inferOperation, showShape } from './operations/index.ts';
import type { Settings } from './settings.ts';

/** The part of the graph builder that structures use. */
export interface Unroller {
  readonly reader: BlockReader;
  readonly list: LayerList;
  /** True if inner blocks are only looked up, not unrolled. */
  readonly isDry: boolean;
  sequence(items: readonly Item[], input: Port, place: Place): Port;
  /** Unrolls the body of an entry with a separate scope of labels. */
  inside(entry: Entry, input: Port, place: Place, prefix?: string): { readonly port: Port; readonly labels: Labels };
  /** Whether a limit is reached. Reports the limit once. */
  isFull(entry: Entry): boolean;
  /** Records the block of a keyword for the editor. */
  note(schema: BlockSchema, keyword: Name, place: Place): void;
}

/** Unrolls `repeat`, `residual` or `parallel`. Returns its output, or undefined after an error. */
export function unrollStructure(
  schema: BlockSchema,
  entry: Entry,
  input: Port,
  place: Place,
  unroller: Unroller,
): Port {
  const { reader } = unroller;
  const { file } = place.scope;
  switch (schema.keyword) {
    case 'repeat':
      return unrollRepeat(entry, input, place, unroller);
    case 'residual':
      return unrollResidual(reader.readForm(schema, asForm(entry), place.scope), entry, input, place, unroller);
    case 'parallel':
      return unrollParallel(reader.readForm(schema, asForm(entry), place.scope), entry, input, place, unroller);
    default: {
      const owner = schema.keyword === 'shortcut' ? 'residual' : 'parallel';
      const message = layerMessages.misplacedStructure({ keyword: schema.keyword, owner });
      reader.reporter.report(originOf(file, entry.keyword), message);
      return unroller.inside(entry, input, place).port;
    }
  }
}

function unrollRepeat(entry: Entry, input: Port, place: Place, unroller: Unroller): Port {
  const { reporter, evaluator, budget } = unroller.reader;
  const subject = entry.subject ?? entry.parameters?.items[0]?.value;
  const origin = originOf(place.scope.file, subject ?? entry.keyword);
  const value = subject && evaluator.evaluate(subject, place.scope);
  if (subject === undefined) reporter.report(origin, layerMessages.missingCount());
  const isCount = value?.kind === 'quantity' && Number.isInteger(value.value) && value.value >= 1;
  if (value !== undefined && !isCount) reporter.report(origin, layerMessages.wrongCount());
  const times = isCount && !unroller.isDry ? value.value : 1;
  let port = input;
  const reportedBefore = reporter.diagnostics.length;
  for (let i = 1; i <= times; i++) {
    if (!unroller.isDry) budget.countEntries(1);
    const prefix = entry.label === undefined ? place.prefix : `${place.prefix}${entry.label.text}.${i}.`;
    port = unroller.inside(entry, port, place, prefix).port;
    if (unroller.isFull(entry)) break;
    // After an error, further repetitions only repeat it. Stopping here keeps typing inside a long repetition fast.
    if (reporter.diagnostics.length > reportedBefore) break;
  }
  return port;
}

function unrollResidual(settings: Settings, entry: Entry, input: Port, place: Place, unroller: Unroller): Port {
  const { reporter } = unroller.reader;
  const { file } = place.scope;
  const prefix = labelPrefix(entry.label, place);
  const labels = new Labels(place.labels);
  const inner: Place = { ...place, labels, prefix };
  const isShortcut = (item: Item): boolean => item.kind === 'statement' && item.keyword.text === 'shortcut';
  const shortcuts = settings.rest.filter(isShortcut);
  const main = unroller.sequence(
    settings.rest.filter((item) => !isShortcut(item)),
    input,
    inner,
  );
  let around = input;
  for (const [i, item] of shortcuts.entries()) {
    if (item.kind !== 'statement') continue;
    const schema = structureByKeyword.get('shortcut');
    if (schema !== undefined) unroller.note(schema, item.keyword, place);
    if (i > 0) reporter.report(originOf(file, item.keyword), layerMessages.secondShortcut());
    else around = unroller.sequence(item.body?.items ?? [], input, { ...inner, labels: new Labels(labels) });
  }
  exportLabels(entry.label, labels, place);
  if (main === undefined || around === undefined) return undefined;
  const origin = originOf(file, entry.keyword);
  if (showShape(main.shape) !== showShape(around.shape)) {
    const message = layerMessages.residualShapes({
      main: showShape(main.shape),
      around: showShape(around.shape),
      hasShortcut: shortcuts.length > 0,
    });
    reporter.report(origin, message);
    return undefined;
  }
  const { list } = unroller;
  const name = list.names.next(prefix, undefined, 'add');
  return list.push(name, { kind: 'elementwise', operation: 'add' }, [main, around], main.shape, origin);
}

function unrollParallel(settings: Settings, entry: Entry, input: Port, place: Place, unroller: Unroller): Port {
  const { reporter } = unroller.reader;
  const { file } = place.scope;
  const prefix = labelPrefix(entry.label, place);
  const labels = new Labels(place.labels);
  const ports: Port[] = [];
  for (const item of settings.rest) {
    const branch = entryOf(item, place.scope, reporter);
    if (branch === undefined) continue;
    const schema = structureByKeyword.get('branch');
    if (branch.keyword.text !== 'branch' || schema === undefined) {
      reporter.report(originOf(file, branch.keyword), layerMessages.notABranch());
      continue;
    }
    unroller.note(schema, branch.keyword, place);
    const result = unroller.inside(branch, input, { ...place, labels, prefix });
    if (branch.label !== undefined) declareLabel(branch.label, result.port, { ...place, labels }, reporter);
    ports.push(result.port);
  }
  exportLabels(entry.label, labels, place);
  if (settings.rest.length === 0) {
    reporter.report(originOf(file, entry.keyword), layerMessages.noBranches());
    return undefined;
  }
  return joinBranches(settings, entry, ports, prefix, place, unroller);
}

/** Adds the layer that joins the outputs of the branches. One branch needs none. */
function joinBranches(
  settings: Settings,
  entry: Entry,
  ports: readonly Port[],
  prefix: string,
  place: Place,
  { list, reader }: Unroller,
): Port {
  const origin = originOf(place.scope.file, entry.keyword);
  const known = ports.filter((port) => port !== undefined);
  if (known.length !== ports.length || ports.length === 0) return undefined;
  if (known.length === 1) return known[0];
  const join = settings.word<'concat' | 'add' | 'multiply'>('join');
  if (settings.broken) return undefined;
  const schema = layerByKeyword.get(join);
  if (schema === undefined) return undefined;
  const asLayer = join === 'concat' ? settings : reader.empty(schema, place.scope, origin);
  const inferred = inferOperation(
    join,
    asLayer,
    known.map((port) => port.shape),
  );
  if ('problem' in inferred) {
    reader.reporter.report(origin, inferred.problem);
    return undefined;
  }
  const name = list.names.next(prefix, undefined, join);
  return list.push(name, inferred.operation, known, inferred.output, origin);
}
