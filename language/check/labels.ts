import type { Origin, Shape } from '../../design/index.ts';
import { layerMessages, layerNotes } from '../messages/index.ts';
import type { Expression, Name } from '../syntax/index.ts';
import { type Declaration, originOf } from './checked-file.ts';
import { fixesTo } from './fixes.ts';
import { checkNameLength } from './program-limits.ts';
import type { Reporter } from './reporter.ts';
import type { Scope } from './scope.ts';

/** The output of a layer: the index of the layer (-1 for the model input) and the shape. undefined after an earlier error. */
export type Port = { readonly index: number; readonly shape: Shape } | undefined;

interface Labelled {
  readonly port: Port;
  readonly origin: Origin;
}

/** The labels of one sequence and of its outer sequences. */
export class Labels {
  readonly own = new Map<string, Labelled>();
  /** The labels inside a labelled structure or block, by its label. */
  readonly inside = new Map<string, Labels>();
  private readonly outer: Labels | undefined;

  constructor(outer?: Labels) {
    this.outer = outer;
  }

  /** `['stage1', 'conv1']`: labels of structures, outermost first, then the label of a layer. */
  find(parts: readonly string[]): Labelled | undefined {
    for (let labels: Labels | undefined = this; labels !== undefined; labels = labels.outer) {
      const found = labels.findHere(parts);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** At most `most` of the labels that can be used here, the nearest first. */
  names(most: number): readonly string[] {
    const names: string[] = [];
    for (let labels: Labels | undefined = this; labels !== undefined; labels = labels.outer) {
      for (const name of labels.own.keys()) names.push(name);
      labels.collectInside('', names, most);
      if (names.length >= most) break;
    }
    return names;
  }

  private findHere(parts: readonly string[]): Labelled | undefined {
    let labels: Labels | undefined = this;
    for (const part of parts.slice(0, -1)) labels = labels?.inside.get(part);
    const last = parts.at(-1) ?? '';
    return last === 'input' && parts.length > 1 ? undefined : labels?.own.get(last);
  }

  private collectInside(prefix: string, names: string[], most: number): void {
    for (const [label, { own }] of this.inside) {
      for (const name of own.keys()) if (name !== 'input') names.push(`${prefix}${label}.${name}`);
      if (names.length >= most) return;
      // Longer names are not suggested.
      if (prefix.length < 64) this.inside.get(label)?.collectInside(`${prefix}${label}.`, names, most);
    }
  }
}

/** The surroundings of a layer: the labels that it can use, and the prefix of its name. */
export interface Place {
  readonly scope: Scope;
  readonly labels: Labels;
  /** `stage1.2.`; empty at the top level. */
  readonly prefix: string;
  /** The blocks that are being unrolled, outermost first. */
  readonly using: readonly Declaration[];
}

/** Adds the label of a new output to its sequence. */
export function declareLabel(label: Name, port: Port, place: Place, reporter: Reporter): void {
  const origin = originOf(place.scope.file, label);
  checkNameLength(label.text, label, place.scope, reporter);
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

/** The outputs that `inputs: [a, block.b]` refers to. */
export function portsNamed(written: Expression, place: Place, reporter: Reporter): readonly Port[] {
  const items = written.kind === 'list' ? written.items : [written];
  return items.map((item) => {
    const { file } = place.scope;
    if (item.kind !== 'path') {
      reporter.report(originOf(file, item), layerMessages.notALabel());
      return undefined;
    }
    const parts = item.parts.map((part) => part.text);
    const found = place.labels.find(parts);
    const origin = originOf(file, item);
    if (found === undefined) {
      const name = parts.join('.');
      const close = reporter.suggest(name, (most) => place.labels.names(most));
      reporter.report(origin, layerMessages.unknownLabel({ label: name, close }), { fixes: fixesTo(origin, close) });
      return undefined;
    }
    // Each part is a separate label: first the block's, then the inner one.
    for (const [i, part] of item.parts.entries()) {
      const target = place.labels.find(parts.slice(0, i + 1))?.origin;
      if (target !== undefined)
        file.facts.push({ kind: 'label', start: part.start, end: part.end, name: part.text, target });
    }
    return found.port;
  });
}

/** Makes the labels inside a labelled block available outside: `stage1.conv1`. */
export function exportLabels(label: Name | undefined, labels: Labels, place: Place): void {
  if (label !== undefined) place.labels.inside.set(label.text, labels);
}

/** The prefix of the names of layers inside a block. */
export function labelPrefix(label: Name | undefined, place: Place): string {
  return label === undefined ? place.prefix : `${place.prefix}${label.text}.`;
}
