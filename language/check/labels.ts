import type { Origin, Shape } from '../../design/index.ts';
import { layerMessages, layerNotes } from '../messages/index.ts';
import { suggest } from '../suggest.ts';
import type { Expression, Name } from '../syntax/index.ts';
import { type Declaration, fixesTo, originOf, type Reporter } from './context.ts';
import type { Scope } from './evaluate.ts';

/** What flows from one layer to the next: which layer made it (-1: the input) and its shape. undefined: something was wrong before. */
export type Port = { readonly index: number; readonly shape: Shape } | undefined;

/** The labels of one sequence, and of those around it. */
export class Labels {
  readonly own = new Map<string, { readonly port: Port; readonly origin: Origin }>();
  private readonly outer: Labels | undefined;

  constructor(outer?: Labels) {
    this.outer = outer;
  }

  find(name: string): { readonly port: Port; readonly origin: Origin } | undefined {
    return this.own.get(name) ?? this.outer?.find(name);
  }

  names(): readonly string[] {
    return [...this.own.keys(), ...(this.outer?.names() ?? [])];
  }
}

/** Where a layer stands: what it may name, and what its own name starts with. */
export interface Place {
  readonly scope: Scope;
  readonly labels: Labels;
  /** `stage1.2.`; empty at the top. */
  readonly prefix: string;
  /** Blocks being used, the outermost first. */
  readonly using: readonly Declaration[];
}

/** Gives what was just made a name in its sequence. */
export function declareLabel(label: Name, port: Port, place: Place, reporter: Reporter): void {
  const origin = originOf(place.scope.file, label);
  const before = place.labels.own.get(label.text);
  place.scope.file.facts.push({
    kind: 'label',
    start: label.start,
    end: label.end,
    name: label.text,
    target: origin,
  });
  if (before !== undefined) {
    const isInput = label.text === 'input';
    const message = isInput ? layerMessages.inputAsLabel() : layerMessages.duplicateLabel({ label: label.text });
    reporter.report(origin, message, {
      related: isInput ? [] : [{ message: layerNotes.firstUsedHere({}).text, origin: before.origin }],
    });
  }
  place.labels.own.set(label.text, { port, origin });
}

/** What `inputs: [a, block.b]` names. */
export function portsNamed(written: Expression, place: Place, reporter: Reporter): readonly Port[] {
  const items = written.kind === 'list' ? written.items : [written];
  return items.map((item) => {
    const { file } = place.scope;
    if (item.kind !== 'path') {
      reporter.report(originOf(file, item), layerMessages.notALabel());
      return undefined;
    }
    const name = item.parts.map((part) => part.text).join('.');
    const found = place.labels.find(name);
    const origin = originOf(file, item);
    if (found === undefined) {
      const close = suggest(name, place.labels.names());
      reporter.report(origin, layerMessages.unknownLabel({ label: name, close }), { fixes: fixesTo(origin, close) });
      return undefined;
    }
    // Each part stands for a label of its own: the block's, then the one inside.
    for (const [i, part] of item.parts.entries()) {
      const path = item.parts.slice(0, i + 1).map((one) => one.text);
      const target = place.labels.find(path.join('.'))?.origin;
      if (target !== undefined)
        file.facts.push({ kind: 'label', start: part.start, end: part.end, name: part.text, target });
    }
    return found.port;
  });
}

/** What stands in a labelled block can be named from outside: `stage1.conv1`. */
export function exportLabels(label: Name | undefined, labels: Labels, place: Place): void {
  if (label === undefined) return;
  for (const [name, found] of labels.own) {
    if (name !== 'input') place.labels.own.set(`${label.text}.${name}`, found);
  }
}

/** What the names of layers inside of a block begin with. */
export function labelPrefix(label: Name | undefined, place: Place): string {
  return label === undefined ? place.prefix : `${place.prefix}${label.text}.`;
}
