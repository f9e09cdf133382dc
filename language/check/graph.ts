import type { Layer, Origin, Shape } from '../../design/index.ts';
import { type BlockSchema, layerSchemas, structureSchemas } from '../schema/index.ts';
import { suggest } from '../suggest.ts';
import type { Application, Arguments, Body, Expression, Item, Name, Path } from '../syntax/index.ts';
import type { BlockReader } from './blocks.ts';
import { type Declaration, didYouMean, originOf, type Reporter } from './context.ts';
import type { Parameter, Scope } from './evaluate.ts';
import { inferOperation, showShape } from './operations.ts';
import type { Settings } from './settings.ts';

/** What flows from one layer to the next: which layer made it (-1: the input) and its shape. undefined: something was wrong before. */
type Port = { readonly index: number; readonly shape: Shape } | undefined;

/** The labels of one sequence, and of those around it. */
class Labels {
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
interface Place {
  readonly scope: Scope;
  readonly labels: Labels;
  /** `stage1.2.`; empty at the top. */
  readonly prefix: string;
  /** Blocks being used, the outermost first. */
  readonly using: readonly Declaration[];
}

/** One thing in a sequence, however it was written: `relu`, `conv { ... }`, `fc: dense { ... }`, `Bottleneck(64)`. */
interface Entry {
  readonly label: Name | undefined;
  readonly keyword: Name;
  readonly subject: Expression | undefined;
  readonly parameters: Arguments | undefined;
  readonly body: Body | undefined;
  readonly origin: Origin;
}

/** Layers of one network beyond which something was repeated by mistake. */
const maxLayers = 20_000;
/** Entries looked at, for blocks that multiply without making layers. */
const maxSteps = 200_000;

const layerByKeyword = new Map(layerSchemas.map((schema) => [schema.keyword, schema]));
const structureByKeyword = new Map(structureSchemas.map((schema) => [schema.keyword, schema]));

/** Unrolls what stands in `layers { }` into the network's graph, with every shape known. */
export class GraphBuilder {
  readonly layers: Layer[] = [];
  private readonly reader: BlockReader;
  private readonly reporter: Reporter;
  private readonly names = new Set<string>();
  private readonly counters = new Map<string, number>();
  private steps = 0;
  private full = false;
  /** Blocks inside are named, not unrolled. */
  private isDry = false;

  constructor(reader: BlockReader, reporter: Reporter) {
    this.reader = reader;
    this.reporter = reporter;
  }

  /** Returns the shape that comes out at the end; undefined after an error. */
  build(items: readonly Item[], scope: Scope, input: Shape, inputOrigin: Origin): Shape | undefined {
    const port: Port = { index: -1, shape: input };
    const labels = new Labels();
    labels.own.set('input', { port, origin: inputOrigin });
    return this.sequence(items, port, { scope, labels, prefix: '', using: [] })?.shape;
  }

  /** Looks for mistakes in a block that nothing may use: without values for its parameters, and so without shapes. */
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
      const entry = this.entryOf(item, place.scope);
      if (entry !== undefined) port = this.enter(entry, port, place);
    }
    return port;
  }

  private entryOf(item: Item, scope: Scope): Entry | undefined {
    const origin = originOf(scope.file, item);
    if (item.kind === 'statement') {
      const { keyword, subject, parameters, body } = item;
      if (subject !== undefined && keyword.text !== 'repeat' && layerOrStructure(keyword.text)) {
        this.reporter.report(
          originOf(scope.file, subject),
          'missing-separator',
          `expected ',' or a new line after '${keyword.text}'`,
          {
            fixes: [
              {
                title: "Insert ','",
                edits: [{ origin: { ...origin, start: keyword.end, end: keyword.end }, newText: ',' }],
              },
            ],
          },
        );
      }
      for (const clause of item.clauses) {
        this.reporter.report(
          originOf(scope.file, clause.keyword),
          'unknown-clause',
          `a layer takes no '${clause.keyword.text}'`,
        );
      }
      return { label: undefined, keyword, subject, parameters, body, origin };
    }
    if (item.kind === 'property') {
      const label = item.words[0];
      const { value } = item;
      if (item.words.length > 1) {
        const last = item.words.at(-1) ?? item;
        this.reporter.report(
          originOf(scope.file, last),
          'missing-separator',
          "expected ',' or a new line before a label",
        );
      }
      if (value.kind === 'missing') return undefined;
      const path = value.kind === 'path' ? value : value.kind === 'application' ? value.path : undefined;
      const keyword = path?.parts[0];
      if (keyword === undefined) {
        this.reporter.report(
          originOf(scope.file, value),
          'unexpected-value',
          'expected a layer after the label, such as conv { ... }',
        );
        return undefined;
      }
      const application = value.kind === 'application' ? value : undefined;
      return {
        label,
        keyword,
        subject: application?.subject,
        parameters: application?.parameters,
        body: application?.body,
        origin,
      };
    }
    this.reporter.report(origin, 'misplaced-item', 'expected a layer here');
    return undefined;
  }

  private enter(entry: Entry, input: Port, place: Place): Port {
    if (++this.steps > maxSteps || this.layers.length >= maxLayers) {
      this.full = true;
      this.reporter.report(
        entry.origin,
        'too-many-layers',
        `this network has more than ${maxLayers} layers; is something repeated too often?`,
      );
      return undefined;
    }
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
    if (entry.label !== undefined) this.declareLabel(entry.label, output, place);
    return output;
  }

  private note(schema: BlockSchema, keyword: Name, place: Place): void {
    place.scope.file.facts.push({ kind: 'block', start: keyword.start, end: keyword.end, schema });
  }

  private unknown(entry: Entry, place: Place): void {
    const { keyword } = entry;
    const { file } = place.scope;
    const origin = originOf(file, keyword);
    const blocks = [...file.visible].flatMap(([name, all]) => (all.some((one) => one.kind === 'block') ? [name] : []));
    const known = [...layerByKeyword.keys(), ...structureByKeyword.keys(), ...blocks];
    const { text, fixes } = didYouMean(origin, suggest(keyword.text, known));
    this.reporter.report(origin, 'unknown-layer', `there is no layer or block '${keyword.text}'${text}`, { fixes });
  }

  private declareLabel(label: Name, port: Port, place: Place): void {
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
      const message =
        label.text === 'input'
          ? "'input' is what comes in; give the layer another label"
          : `the label '${label.text}' is used twice`;
      this.reporter.report(origin, 'duplicate-label', message, {
        related: label.text === 'input' ? [] : [{ message: 'first used here', origin: before.origin }],
      });
    }
    place.labels.own.set(label.text, { port, origin });
  }

  private layer(schema: BlockSchema, entry: Entry, input: Port, place: Place): Port {
    const settings = this.reader.readForm(schema, asForm(entry), place.scope);
    const written = settings.syntax('inputs');
    const own = settings.shape('input');
    const outside: Port = own === undefined ? input : { index: -1, shape: own };
    const read = written === undefined ? [outside] : this.resolveInputs(written, place);
    const ports = read.map((port) => (own !== undefined && port?.index === -1 ? outside : port));
    const shapes = ports.flatMap((port) => (port === undefined ? [] : [port.shape]));
    const isWrong = schema.properties.some(
      (one) => settings.has(one.name) && settings.values.get(one.name)?.value === undefined,
    );
    if (settings.broken || isWrong || shapes.length !== ports.length) return undefined;
    const inferred = inferOperation(schema.keyword, settings, shapes);
    if ('problem' in inferred) {
      this.reporter.report(originOf(place.scope.file, entry.keyword), 'shape-mismatch', inferred.problem);
      return undefined;
    }
    const { operation, output } = inferred;
    return this.push(this.nameOf(entry, schema.keyword, place), operation, ports, output, entry.origin);
  }

  private push(
    name: string,
    operation: Layer['operation'],
    ports: readonly Port[],
    outputShape: Shape,
    origin: Origin,
  ): Port {
    const known = ports.filter((port) => port !== undefined);
    this.layers.push({
      name,
      operation,
      inputs: known.map((port) => port.index),
      inputShapes: known.map((port) => port.shape),
      outputShape,
      origin,
    });
    return { index: this.layers.length - 1, shape: outputShape };
  }

  /** A layer's label, or its keyword and a number, behind the labels of the blocks around it; unique in the network. */
  private nameOf(entry: Entry | undefined, keyword: string, place: Place): string {
    const own = entry?.label?.text;
    const base = `${place.prefix}${own ?? keyword}`;
    let name = own === undefined ? `${base}${this.count(base)}` : base;
    while (this.names.has(name))
      name = own === undefined ? `${base}${this.count(base)}` : `${base}.${this.count(`${base}.`) + 1}`;
    this.names.add(name);
    return name;
  }

  private count(base: string): number {
    const next = (this.counters.get(base) ?? 0) + 1;
    this.counters.set(base, next);
    return next;
  }

  private resolveInputs(written: Expression, place: Place): readonly Port[] {
    const items = written.kind === 'list' ? written.items : [written];
    return items.map((item) => {
      const { file } = place.scope;
      if (item.kind !== 'path') {
        this.reporter.report(originOf(file, item), 'unexpected-value', 'expected the label of a layer here');
        return undefined;
      }
      const name = item.parts.map((part) => part.text).join('.');
      const found = place.labels.find(name);
      const origin = originOf(file, item);
      if (found === undefined) {
        const { text, fixes } = didYouMean(origin, suggest(name, place.labels.names()));
        this.reporter.report(origin, 'unknown-label', `no layer before this one has the label '${name}'${text}`, {
          fixes,
        });
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
        this.reporter.report(
          originOf(file, entry.keyword),
          'misplaced-item',
          `'${schema.keyword}' stands inside '${owner}'`,
        );
        return this.inside(entry, input, place).port;
      }
    }
  }

  /** The layers of a block, with labels of their own. */
  private inside(
    entry: Entry,
    input: Port,
    place: Place,
    prefix = labelPrefix(entry, place),
  ): { port: Port; labels: Labels } {
    const labels = new Labels(place.labels);
    if (entry.body === undefined) {
      const message = `expected '{ ... }' after '${entry.keyword.text}'`;
      this.reporter.report(originOf(place.scope.file, entry.keyword), 'missing-block', message);
    }
    const port = this.sequence(entry.body?.items ?? [], input, { ...place, labels, prefix });
    this.export(entry, labels, place);
    return { port, labels };
  }

  /** What stands in a labelled block can be named from outside: `stage1.conv1`. */
  private export(entry: Entry, labels: Labels, place: Place): void {
    if (entry.label === undefined) return;
    for (const [name, found] of labels.own) {
      if (name !== 'input') place.labels.own.set(`${entry.label.text}.${name}`, found);
    }
  }

  private repeat(entry: Entry, input: Port, place: Place): Port {
    const subject = entry.subject ?? entry.parameters?.items[0]?.value;
    const origin = originOf(place.scope.file, subject ?? entry.keyword);
    const value = subject && this.reader.evaluator.evaluate(subject, place.scope);
    if (subject === undefined)
      this.reporter.report(origin, 'missing-value', "expected how often after 'repeat', such as 'repeat 3 { ... }'");
    const isCount = value?.kind === 'quantity' && Number.isInteger(value.value) && value.value >= 1;
    if (value !== undefined && !isCount) {
      this.reporter.report(origin, 'out-of-range', "'repeat' takes a whole number from 1");
    }
    const times = isCount && !this.isDry ? value.value : 1;
    let port = input;
    const saidBefore = this.reporter.diagnostics.length;
    for (let i = 1; i <= times && !this.full; i++) {
      this.steps++;
      const prefix = entry.label === undefined ? place.prefix : `${place.prefix}${entry.label.text}.${i}.`;
      port = this.inside(entry, port, place, prefix).port;
      if (this.steps > maxSteps) this.full = true;
      // What is wrong once is wrong each time: a person who types inside of a long repetition does not wait for it.
      if (this.reporter.diagnostics.length > saidBefore) break;
    }
    return port;
  }

  private residual(settings: Settings, entry: Entry, input: Port, place: Place): Port {
    const prefix = labelPrefix(entry, place);
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
      if (i > 0)
        this.reporter.report(
          originOf(place.scope.file, item.keyword),
          'duplicate-block',
          "'shortcut' stands twice in one 'residual'",
        );
      else around = this.sequence(item.body?.items ?? [], input, { ...inner, labels: new Labels(labels) });
    }
    this.export(entry, labels, place);
    if (main === undefined || around === undefined) return undefined;
    const origin = originOf(place.scope.file, entry.keyword);
    if (showShape(main.shape) !== showShape(around.shape)) {
      const what = shortcuts.length > 0 ? "what 'shortcut' makes" : 'what comes in';
      const remedy = shortcuts.length > 0 ? '' : "; add a 'shortcut { ... }' that makes the shapes equal";
      const message = `'residual' adds ${showShape(main.shape)} to ${what}, ${showShape(around.shape)}${remedy}`;
      this.reporter.report(origin, 'shape-mismatch', message);
      return undefined;
    }
    const name = this.nameOf(undefined, 'add', inner);
    return this.push(name, { kind: 'elementwise', operation: 'add' }, [main, around], main.shape, origin);
  }

  private parallel(settings: Settings, entry: Entry, input: Port, place: Place): Port {
    const { file } = place.scope;
    const prefix = labelPrefix(entry, place);
    const labels = new Labels(place.labels);
    const ports: Port[] = [];
    for (const item of settings.rest) {
      const branch = this.entryOf(item, place.scope);
      if (branch === undefined) continue;
      const schema = structureByKeyword.get('branch');
      if (branch.keyword.text !== 'branch' || schema === undefined) {
        this.reporter.report(
          originOf(file, branch.keyword),
          'misplaced-item',
          "'parallel' holds 'branch { ... }' blocks only",
        );
        continue;
      }
      this.note(schema, branch.keyword, place);
      const result = this.inside(branch, input, { ...place, labels, prefix });
      if (branch.label !== undefined) this.declareLabel(branch.label, result.port, { ...place, labels });
      ports.push(result.port);
    }
    this.export(entry, labels, place);
    const origin = originOf(file, entry.keyword);
    if (settings.rest.length === 0) {
      this.reporter.report(origin, 'missing-block', "'parallel' needs 'branch { ... }' blocks");
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
      this.reporter.report(origin, 'shape-mismatch', inferred.problem);
      return undefined;
    }
    const name = this.nameOf(undefined, join, { ...place, prefix });
    return this.push(name, inferred.operation, known, inferred.output, origin);
  }

  /** Unrolls a declared block with its parameters. */
  private block(declaration: Declaration, entry: Entry, input: Port, place: Place): Port {
    const node = declaration.node;
    if (node.kind !== 'statement') return undefined;
    const origin = originOf(place.scope.file, entry.keyword);
    if (place.using.includes(declaration)) {
      const names = [...place.using.map((one) => one.name), declaration.name].join(' → ');
      this.reporter.report(origin, 'block-cycle', `'${declaration.name}' uses itself: ${names}`);
      return undefined;
    }
    const parameters = this.bind(declaration, node.parameters, entry, place);
    if (this.isDry) return undefined;
    const scope: Scope = { file: declaration.file, parameters };
    const labels = new Labels();
    labels.own.set('input', { port: input, origin: declaration.nameOrigin });
    const prefix =
      entry.label === undefined
        ? `${place.prefix}${declaration.name}${this.count(`${place.prefix}${declaration.name}`)}.`
        : `${place.prefix}${entry.label.text}.`;
    const using = [...place.using, declaration];
    const port = this.sequence(node.body?.items ?? [], input, { scope, labels, prefix, using });
    this.export(entry, labels, place);
    return port;
  }

  /** Gives a block's parameters their values, from the use's parentheses or `{ name: value }`, else from its own defaults. */
  private bind(
    declaration: Declaration,
    declared: Arguments | undefined,
    entry: Entry,
    place: Place,
  ): Map<string, Parameter> {
    const { file } = declaration;
    const names: Name[] = [];
    const defaults = new Map<string, Expression>();
    for (const parameter of declared?.items ?? []) {
      const name = parameter.name ?? (parameter.value.kind === 'path' ? parameter.value.parts[0] : undefined);
      if (name === undefined) continue;
      names.push(name);
      if (parameter.name !== undefined) defaults.set(name.text, parameter.value);
    }
    const given = new Map<string, Expression>();
    const useFile = place.scope.file;
    const give = (name: Name, value: Expression): void => {
      if (names.some((one) => one.text === name.text)) {
        given.set(name.text, value);
        return;
      }
      const origin = originOf(useFile, name);
      const known = names.map((one) => one.text);
      const { text, fixes } = didYouMean(origin, suggest(name.text, known));
      this.reporter.report(
        origin,
        'unknown-parameter',
        `block '${declaration.name}' has no parameter '${name.text}'${text}`,
        { fixes },
      );
    };
    let next = 0;
    for (const argument of entry.parameters?.items ?? []) {
      if (argument.name !== undefined) give(argument.name, argument.value);
      else {
        const name = names[next++];
        if (name !== undefined) given.set(name.text, argument.value);
        else {
          const message = `block '${declaration.name}' takes ${names.length === 1 ? 'one parameter' : `${names.length} parameters`}`;
          this.reporter.report(originOf(useFile, argument), 'too-many-arguments', message);
        }
      }
    }
    for (const item of entry.body?.items ?? []) {
      const name = item.kind === 'property' ? item.words[0] : undefined;
      if (item.kind === 'property' && name !== undefined) give(name, item.value);
      else
        this.reporter.report(
          originOf(useFile, item),
          'misplaced-item',
          `expected a parameter of block '${declaration.name}' here`,
        );
    }
    const bound = new Map<string, Parameter>();
    const missing: string[] = [];
    for (const name of names) {
      const target = originOf(file, name);
      const written = given.get(name.text);
      const fallback = defaults.get(name.text);
      if (written !== undefined)
        bound.set(name.text, { value: this.reader.evaluator.evaluate(written, place.scope), target });
      else if (fallback !== undefined) {
        bound.set(name.text, {
          value: this.reader.evaluator.evaluate(fallback, { file, parameters: new Map(bound) }),
          target,
        });
      } else {
        missing.push(`'${name.text}'`);
        bound.set(name.text, { value: undefined, target });
      }
    }
    if (missing.length > 0) {
      const origin = originOf(useFile, entry.keyword);
      this.reporter.report(origin, 'missing-argument', `block '${declaration.name}' needs ${missing.join(' and ')}`, {
        related: [{ message: 'declared here', origin: declaration.nameOrigin }],
      });
    }
    return bound;
  }
}

function layerOrStructure(keyword: string): boolean {
  return layerByKeyword.has(keyword) || structureByKeyword.has(keyword);
}

function labelPrefix(entry: Entry, place: Place): string {
  return entry.label === undefined ? place.prefix : `${place.prefix}${entry.label.text}.`;
}

/** The entry as a value `keyword(...) { ... }`, which is how its row of the schema reads it. */
function asForm(entry: Entry): Application {
  const { keyword, parameters, body, origin } = entry;
  const path: Path = { kind: 'path', start: keyword.start, end: keyword.end, parts: [keyword] };
  return { kind: 'application', start: keyword.start, end: origin.end, path, subject: undefined, parameters, body };
}
