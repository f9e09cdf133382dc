import type { Layer, Origin, Shape } from '../../design/index.ts';
import { limits } from '../limits.ts';
import { layerMessages, limitMessages, settingMessages } from '../messages/index.ts';
import type { BlockSchema } from '../schema/index.ts';
import type { Item, Name } from '../syntax/index.ts';
import { bindParameters } from './block-parameters.ts';
import type { BlockReader } from './blocks.ts';
import type { Budget } from './budget.ts';
import { type Declaration, namesOfKind, originOf } from './checked-file.ts';
import { fixesTo } from './fixes.ts';
import { declareLabel, exportLabels, Labels, labelPrefix, type Place, type Port, portsNamed } from './labels.ts';
import { asForm, type Entry, entryOf, layerByKeyword, structureByKeyword } from './layer-entries.ts';
import { LayerList } from './layer-list.ts';
import type { DeclaredInputs } from './model-inputs.ts';
import { inferOperation } from './operations/index.ts';
import type { Reporter } from './reporter.ts';
import type { Parameter, Scope } from './scope.ts';
import { type Unroller, unrollStructure } from './structures.ts';

/** Unrolls the content of `layers { }` into the graph of the network. Every shape is known. */
export class GraphBuilder implements Unroller {
  readonly reader: BlockReader;
  readonly list: LayerList;
  private readonly reporter: Reporter;
  private readonly budget: Budget;
  /** The place of the network's name, where limits of the whole program are reported. */
  private origin: Origin | undefined;
  private full = false;
  /** Inner blocks are only looked up, not unrolled. */
  isDry = false;

  constructor(reader: BlockReader) {
    this.reader = reader;
    this.reporter = reader.reporter;
    this.budget = reader.budget;
    this.list = new LayerList(reader.reporter, reader.budget);
  }

  get layers(): readonly Layer[] {
    return this.list.layers;
  }

  /** Whether layers were left out because a limit was reached. */
  get isCut(): boolean {
    return this.full;
  }

  /** `origin` is the place of the network's name. Returns the output shape, or undefined after an error. */
  build(items: readonly Item[], scope: Scope, inputs: DeclaredInputs, origin: Origin): Shape | undefined {
    this.origin = origin;
    const port: Port = { index: -1, shape: inputs.first };
    const labels = new Labels();
    labels.own.set('input', { port, origin: inputs.firstOrigin });
    for (const [at, { name, shape, origin }] of inputs.named.entries()) {
      labels.own.set(name, { port: { index: -1 - at, shape }, origin });
    }
    return this.sequence(items, port, { scope, labels, prefix: '', using: [] })?.shape;
  }

  /** Checks a block on its own, because no network may use it. Its parameters have no values, so shapes are unknown. */
  checkUnused(declaration: Declaration): void {
    const { node, file, nameOrigin } = declaration;
    if (node.kind !== 'statement') return;
    this.isDry = true;
    const parameters = new Map<string, Parameter>();
    for (const { name, value } of node.parameters?.items ?? []) {
      const word = name ?? (value.kind === 'path' ? value.parts[0] : undefined);
      if (word !== undefined) parameters.set(word.text, { value: undefined, target: originOf(file, word) });
    }
    const labels = new Labels();
    labels.own.set('input', { port: undefined, origin: nameOrigin });
    const place: Place = { scope: { file, parameters }, labels, prefix: '', using: [declaration] };
    this.sequence(node.body?.items ?? [], undefined, place);
  }

  /** Unrolls a sequence of layers. Returns the output of the last one. */
  sequence(items: readonly Item[], input: Port, place: Place): Port {
    let port = input;
    for (const item of items) {
      if (this.full) return undefined;
      const entry = entryOf(item, place.scope, this.reporter);
      if (entry !== undefined) port = this.enter(entry, port, place);
    }
    return port;
  }

  private enter(entry: Entry, input: Port, place: Place): Port {
    if (!this.isDry) this.budget.countEntry(entry);
    if (this.isFull(entry)) return undefined;
    const { keyword } = entry;
    const layer = layerByKeyword.get(keyword.text);
    const structure = structureByKeyword.get(keyword.text);
    const { file } = place.scope;
    const declaration = file.visible.get(keyword.text)?.find((one) => one.kind === 'block');
    let output: Port;
    if (layer !== undefined) {
      this.note(layer, keyword, place);
      output = this.layer(layer, entry, input, place);
    } else if (structure !== undefined) {
      this.note(structure, keyword, place);
      output = unrollStructure(structure, entry, input, place, this);
    } else if (declaration !== undefined) {
      file.used.add(declaration);
      file.facts.push({ kind: 'reference', start: keyword.start, end: keyword.end, declaration });
      output = this.block(declaration, entry, input, place);
    } else {
      this.unknown(entry, place);
      output = undefined;
    }
    if (entry.label !== undefined) declareLabel(entry.label, output, place, this.reporter);
    return output;
  }

  /** Whether a limit is reached. Reports the limit once. */
  isFull(entry: Entry): boolean {
    if (this.full) return true;
    if (this.list.layers.length >= limits.networkLayers) {
      this.full = true;
      this.reporter.report(entry.origin, layerMessages.tooManyLayers({ most: limits.networkLayers }));
    } else if (this.budget.isSpent) {
      this.full = true;
      const message = this.budget.takeMessage();
      if (message !== undefined) this.reporter.report(this.origin ?? entry.origin, message);
    }
    return this.full;
  }

  note(schema: BlockSchema, keyword: Name, place: Place): void {
    place.scope.file.facts.push({ kind: 'block', start: keyword.start, end: keyword.end, schema });
  }

  private unknown(entry: Entry, place: Place): void {
    const { keyword } = entry;
    const { file } = place.scope;
    const origin = originOf(file, keyword);
    const close = this.reporter.suggest(keyword.text, () => [
      ...layerByKeyword.keys(),
      ...structureByKeyword.keys(),
      ...namesOfKind(file, 'block'),
    ]);
    this.reporter.report(origin, layerMessages.unknownLayer({ keyword: keyword.text, close }), {
      fixes: fixesTo(origin, close),
    });
  }

  private layer(schema: BlockSchema, entry: Entry, input: Port, place: Place): Port {
    const settings = this.reader.readForm(schema, asForm(entry), place.scope);
    const written = settings.syntax('inputs');
    const own = settings.shape('input');
    const outside: Port = own === undefined ? input : { index: -1, shape: own };
    const read = written === undefined ? [outside] : portsNamed(written, place, this.reporter);
    const ports = read.map((port) => (own !== undefined && port?.index === -1 ? outside : port));
    const shapes = ports.flatMap((port) => (port === undefined ? [] : [port.shape]));
    const isWrong = schema.properties.some(
      (one) => settings.has(one.name) && settings.values.get(one.name)?.value === undefined,
    );
    if (settings.broken || isWrong || shapes.length !== ports.length) return undefined;
    const inferred = inferOperation(schema.keyword, settings, shapes);
    if ('problem' in inferred) {
      this.reporter.report(originOf(place.scope.file, entry.keyword), inferred.problem);
      return undefined;
    }
    const { operation, output } = inferred;
    const shared = this.list.sharedWeights(settings, operation, shapes, output, place);
    if (shared === 'problem') return undefined;
    const name = this.list.names.next(place.prefix, entry.label?.text, schema.keyword);
    return this.list.push(name, operation, ports, output, entry.origin, shared);
  }

  /** The layers of a block, with a separate scope of labels. */
  inside(
    entry: Entry,
    input: Port,
    place: Place,
    prefix = labelPrefix(entry.label, place),
  ): { port: Port; labels: Labels } {
    const labels = new Labels(place.labels);
    if (entry.body === undefined) {
      const message = settingMessages.missingBody({ keyword: entry.keyword.text });
      this.reporter.report(originOf(place.scope.file, entry.keyword), message);
    }
    const port = this.sequence(entry.body?.items ?? [], input, { ...place, labels, prefix });
    exportLabels(entry.label, labels, place);
    return { port, labels };
  }

  /** Unrolls a declared block with the values of its parameters. */
  private block(declaration: Declaration, entry: Entry, input: Port, place: Place): Port {
    const node = declaration.node;
    if (node.kind !== 'statement') return undefined;
    const origin = originOf(place.scope.file, entry.keyword);
    if (place.using.includes(declaration)) {
      const { name } = declaration;
      const names = [...place.using.map((one) => one.name), name];
      this.reporter.report(origin, layerMessages.blockCycle({ name, names }));
      return undefined;
    }
    if (place.using.length > limits.blockDepth) {
      this.reporter.report(origin, limitMessages.blocksTooDeep({ name: declaration.name, most: limits.blockDepth }));
      return undefined;
    }
    if (!this.isDry) this.budget.countEntries(node.parameters?.items.length ?? 0);
    const parameters = bindParameters(declaration, node.parameters, entry, place.scope, {
      evaluator: this.reader.evaluator,
      reporter: this.reporter,
    });
    if (this.isDry) return undefined;
    const scope: Scope = { file: declaration.file, parameters };
    const labels = new Labels();
    labels.own.set('input', { port: input, origin: declaration.nameOrigin });
    const prefix =
      entry.label === undefined
        ? `${place.prefix}${declaration.name}${this.list.names.count(`${place.prefix}${declaration.name}`)}.`
        : `${place.prefix}${entry.label.text}.`;
    const using = [...place.using, declaration];
    const port = this.sequence(node.body?.items ?? [], input, { scope, labels, prefix, using });
    exportLabels(entry.label, labels, place);
    return port;
  }
}
