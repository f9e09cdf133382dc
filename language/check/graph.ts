import { type Layer, type Origin, type Shape, weightElementsOf } from '../../design/index.ts';
import { limits } from '../limits.ts';
import { layerMessages, limitMessages, settingMessages } from '../messages/index.ts';
import type { BlockSchema } from '../schema/index.ts';
import type { Item, Name } from '../syntax/index.ts';
import { bindParameters } from './block-parameters.ts';
import type { BlockReader } from './blocks.ts';
import type { Budget } from './budget.ts';
import { type Declaration, namesOfKind, originOf } from './checked-file.ts';
import type { Parameter, Scope } from './evaluate.ts';
import { fixesTo } from './fixes.ts';
import { declareLabel, exportLabels, Labels, labelPrefix, type Place, type Port, portsNamed } from './labels.ts';
import { asForm, type Entry, entryOf, layerByKeyword, structureByKeyword } from './layer-entries.ts';
import { LayerNames } from './layer-names.ts';
import type { DeclaredInputs } from './model-inputs.ts';
import { inferOperation, showShape } from './operations/index.ts';
import type { Reporter } from './reporter.ts';
import type { Settings } from './settings.ts';

/** Unrolls the content of `layers { }` into the graph of the network. Every shape is known. */
export class GraphBuilder {
  readonly layers: Layer[] = [];
  private readonly reader: BlockReader;
  private readonly reporter: Reporter;
  private readonly names = new LayerNames();
  private readonly budget: Budget;
  /** The place of the network's name, where limits of the whole program are reported. */
  private origin: Origin | undefined;
  private full = false;
  /** Inner blocks are only looked up, not unrolled. */
  private isDry = false;

  constructor(reader: BlockReader) {
    this.reader = reader;
    this.reporter = reader.reporter;
    this.budget = reader.budget;
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

  private sequence(items: readonly Item[], input: Port, place: Place): Port {
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
      output = this.structure(structure, entry, input, place);
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
  private isFull(entry: Entry): boolean {
    if (this.full) return true;
    if (this.layers.length >= limits.networkLayers) {
      this.full = true;
      this.reporter.report(entry.origin, layerMessages.tooManyLayers({ most: limits.networkLayers }));
    } else if (this.budget.isSpent) {
      this.full = true;
      const message = this.budget.takeMessage();
      if (message !== undefined) this.reporter.report(this.origin ?? entry.origin, message);
    }
    return this.full;
  }

  private note(schema: BlockSchema, keyword: Name, place: Place): void {
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
    const shared = this.sharedWeights(settings, operation, shapes, output, place);
    if (shared === 'problem') return undefined;
    return this.push(
      this.names.next(place.prefix, entry.label?.text, schema.keyword),
      operation,
      ports,
      output,
      entry.origin,
      shared,
    );
  }

  /** The layer that `weights: label` refers to. 'problem' if this layer cannot share its weights, which is reported. */
  private sharedWeights(
    settings: Settings,
    operation: Layer['operation'],
    shapes: readonly Shape[],
    output: Shape,
    place: Place,
  ): number | undefined | 'problem' {
    const written = settings.has('weights') ? settings.syntax('weights') : undefined;
    if (written === undefined) return undefined;
    const ports = portsNamed(written, place, this.reporter);
    const [port] = ports;
    if (port === undefined) return 'problem';
    const named = this.layers[port.index];
    const index = named?.sharesWeightsOf ?? port.index;
    const owner = this.layers[index];
    const origin = settings.origin('weights');
    if (ports.length > 1 || owner === undefined) {
      this.reporter.report(origin, layerMessages.notOneOwner());
      return 'problem';
    }
    const own = weightElementsOf(operation, shapes, output);
    const theirs = weightElementsOf(owner.operation, owner.inputShapes, owner.outputShape);
    if (own === theirs) return index;
    const { keyword } = settings.schema;
    this.reporter.report(origin, layerMessages.otherWeights({ keyword, own, owner: owner.name, theirs }));
    return 'problem';
  }

  private push(
    name: string,
    operation: Layer['operation'],
    ports: readonly Port[],
    outputShape: Shape,
    origin: Origin,
    sharesWeightsOf?: number,
  ): Port {
    const known = ports.filter((port) => port !== undefined);
    this.budget.countLayer(name);
    this.layers.push({
      name,
      operation,
      inputs: known.map((port) => port.index),
      inputShapes: known.map((port) => port.shape),
      outputShape,
      ...(sharesWeightsOf === undefined ? {} : { sharesWeightsOf }),
      origin,
    });
    return { index: this.layers.length - 1, shape: outputShape };
  }

  private structure(schema: BlockSchema, entry: Entry, input: Port, place: Place): Port {
    const { file } = place.scope;
    switch (schema.keyword) {
      case 'repeat':
        return this.repeat(entry, input, place);
      case 'residual':
        return this.residual(this.reader.readForm(schema, asForm(entry), place.scope), entry, input, place);
      case 'parallel':
        return this.parallel(this.reader.readForm(schema, asForm(entry), place.scope), entry, input, place);
      default: {
        const owner = schema.keyword === 'shortcut' ? 'residual' : 'parallel';
        const message = layerMessages.misplacedStructure({ keyword: schema.keyword, owner });
        this.reporter.report(originOf(file, entry.keyword), message);
        return this.inside(entry, input, place).port;
      }
    }
  }

  /** The layers of a block, with a separate scope of labels. */
  private inside(
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

  private repeat(entry: Entry, input: Port, place: Place): Port {
    const subject = entry.subject ?? entry.parameters?.items[0]?.value;
    const origin = originOf(place.scope.file, subject ?? entry.keyword);
    const value = subject && this.reader.evaluator.evaluate(subject, place.scope);
    if (subject === undefined) this.reporter.report(origin, layerMessages.missingCount());
    const isCount = value?.kind === 'quantity' && Number.isInteger(value.value) && value.value >= 1;
    if (value !== undefined && !isCount) this.reporter.report(origin, layerMessages.wrongCount());
    const times = isCount && !this.isDry ? value.value : 1;
    let port = input;
    const saidBefore = this.reporter.diagnostics.length;
    for (let i = 1; i <= times && !this.full; i++) {
      if (!this.isDry) this.budget.countEntries(1);
      const prefix = entry.label === undefined ? place.prefix : `${place.prefix}${entry.label.text}.${i}.`;
      port = this.inside(entry, port, place, prefix).port;
      if (this.isFull(entry)) break;
      // After an error, further repetitions only repeat it. Stopping here keeps typing inside a long repetition fast.
      if (this.reporter.diagnostics.length > saidBefore) break;
    }
    return port;
  }

  private residual(settings: Settings, entry: Entry, input: Port, place: Place): Port {
    const prefix = labelPrefix(entry.label, place);
    const labels = new Labels(place.labels);
    const inner: Place = { ...place, labels, prefix };
    const isShortcut = (item: Item): boolean => item.kind === 'statement' && item.keyword.text === 'shortcut';
    const shortcuts = settings.rest.filter(isShortcut);
    const main = this.sequence(
      settings.rest.filter((item) => !isShortcut(item)),
      input,
      inner,
    );
    let around = input;
    for (const [i, item] of shortcuts.entries()) {
      if (item.kind !== 'statement') continue;
      const schema = structureByKeyword.get('shortcut');
      if (schema !== undefined) this.note(schema, item.keyword, place);
      if (i > 0) this.reporter.report(originOf(place.scope.file, item.keyword), layerMessages.secondShortcut());
      else around = this.sequence(item.body?.items ?? [], input, { ...inner, labels: new Labels(labels) });
    }
    exportLabels(entry.label, labels, place);
    if (main === undefined || around === undefined) return undefined;
    const origin = originOf(place.scope.file, entry.keyword);
    if (showShape(main.shape) !== showShape(around.shape)) {
      const message = layerMessages.residualShapes({
        main: showShape(main.shape),
        around: showShape(around.shape),
        hasShortcut: shortcuts.length > 0,
      });
      this.reporter.report(origin, message);
      return undefined;
    }
    const name = this.names.next(prefix, undefined, 'add');
    return this.push(name, { kind: 'elementwise', operation: 'add' }, [main, around], main.shape, origin);
  }

  private parallel(settings: Settings, entry: Entry, input: Port, place: Place): Port {
    const { file } = place.scope;
    const prefix = labelPrefix(entry.label, place);
    const labels = new Labels(place.labels);
    const ports: Port[] = [];
    for (const item of settings.rest) {
      const branch = entryOf(item, place.scope, this.reporter);
      if (branch === undefined) continue;
      const schema = structureByKeyword.get('branch');
      if (branch.keyword.text !== 'branch' || schema === undefined) {
        this.reporter.report(originOf(file, branch.keyword), layerMessages.notABranch());
        continue;
      }
      this.note(schema, branch.keyword, place);
      const result = this.inside(branch, input, { ...place, labels, prefix });
      if (branch.label !== undefined) declareLabel(branch.label, result.port, { ...place, labels }, this.reporter);
      ports.push(result.port);
    }
    exportLabels(entry.label, labels, place);
    const origin = originOf(file, entry.keyword);
    if (settings.rest.length === 0) {
      this.reporter.report(origin, layerMessages.noBranches());
      return undefined;
    }
    const known = ports.filter((port) => port !== undefined);
    if (known.length !== ports.length || ports.length === 0) return undefined;
    if (known.length === 1) return known[0];
    const join = settings.word<'concat' | 'add' | 'multiply'>('join');
    if (settings.broken) return undefined;
    const schema = layerByKeyword.get(join);
    if (schema === undefined) return undefined;
    const asLayer = join === 'concat' ? settings : this.reader.empty(schema, place.scope, origin);
    const inferred = inferOperation(
      join,
      asLayer,
      known.map((port) => port.shape),
    );
    if ('problem' in inferred) {
      this.reporter.report(origin, inferred.problem);
      return undefined;
    }
    const name = this.names.next(prefix, undefined, join);
    return this.push(name, inferred.operation, known, inferred.output, origin);
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
        ? `${place.prefix}${declaration.name}${this.names.count(`${place.prefix}${declaration.name}`)}.`
        : `${place.prefix}${entry.label.text}.`;
    const using = [...place.using, declaration];
    const port = this.sequence(node.body?.items ?? [], input, { scope, labels, prefix, using });
    exportLabels(entry.label, labels, place);
    return port;
  }
}
