import {
  arraysOf,
  arrayText,
  assumptionText,
  burstyMeanRate,
  elementsOf,
  formatRate,
  type Layer,
  type Model,
  modeText,
  safeText,
} from '../../design/index.ts';
import type { Declaration, Fact } from '../check/checked-file.ts';
import type { Program, SourceFile } from '../program.ts';
import type { BlockSchema, PropertySchema, ValueType } from '../schema/index.ts';
import { displayText } from '../syntax/index.ts';
import { dimensionWords, formatQuantity } from '../units/index.ts';
import { factsAt } from './names.ts';
import { docComment } from './tree.ts';

/** The hover of a place: Markdown text and the range that it describes. */
export interface Hover {
  readonly start: number;
  readonly end: number;
  readonly markdown: string;
  /** The network or the layers that it describes. The server adds their costs. */
  readonly about?: HoverSubject;
}

/** A layer of a `block` represents one layer for each use of the block. */
export type HoverSubject =
  | { readonly kind: 'model'; readonly model: Model }
  | { readonly kind: 'layers'; readonly layers: readonly Layer[] };

export function hoverAt(program: Program, uri: string, offset: number): Hover | undefined {
  const file = program.files.get(uri);
  if (file === undefined) return undefined;
  const facts = factsAt(file, offset);
  // The narrowest range wins. Other facts about exactly the same range (a name and its value there) are added.
  const narrow = [...facts].sort((a, b) => a.end - a.start - (b.end - b.start))[0];
  if (narrow === undefined) return undefined;
  const parts = facts
    .filter((fact) => fact.start >= narrow.start && fact.end <= narrow.end)
    .map((fact) => describe(program, file, fact))
    .filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  const about = subjectOf(program, uri, narrow);
  const markdown = [...new Set(parts)].join('\n\n');
  return { start: narrow.start, end: narrow.end, markdown, ...(about === undefined ? {} : { about }) };
}

function subjectOf(program: Program, uri: string, fact: Fact): HoverSubject | undefined {
  switch (fact.kind) {
    case 'declaration':
    case 'reference': {
      const model = modelOf(program, fact.declaration);
      return model && { kind: 'model', model };
    }
    case 'block':
    case 'label': {
      const place = fact.kind === 'block' ? { uri, start: fact.start } : fact.target;
      const layers = layersAt(program, place.uri, place.start);
      return layers.length === 0 ? undefined : { kind: 'layers', layers };
    }
    default:
      return undefined;
  }
}

function modelOf(program: Program, { kind, name }: Declaration): Model | undefined {
  return kind === 'model' ? program.design.models.find((one) => one.name === name) : undefined;
}

function describe(program: Program, file: SourceFile, fact: Fact): string | undefined {
  switch (fact.kind) {
    case 'declaration':
    case 'reference':
      return describeDeclaration(program, fact.declaration);
    case 'property':
      return describeProperty(fact.property);
    case 'block':
      return [
        describeBlock(fact.schema),
        describeTraffic(program, file.uri, fact),
        describeLayers(layersAt(program, file.uri, fact.start)),
      ]
        .filter((part) => part !== undefined)
        .join('\n\n');
    case 'word':
      return `**${fact.word.name}**: ${fact.word.documentation}`;
    case 'value': {
      const written = displayText(file.tree, fact.start, fact.end);
      const value = formatQuantity(fact.value, fact.dimension);
      return written === value ? undefined : `= ${value}`;
    }
    case 'label':
      return describeLayers(layersAt(program, fact.target.uri, fact.target.start)) ?? `**${safeText(fact.name)}**`;
    case 'import':
      return describeImport(program, fact.uri);
  }
}

/** The mean rate of `bursty(...)`, which its text does not show. undefined for other blocks, and if the traffic has errors. */
function describeTraffic({ design }: Program, uri: string, { start, end }: Fact): string | undefined {
  for (const { serves } of design.scenarios) {
    for (const { arrivals } of serves) {
      const { origin } = arrivals;
      if (arrivals.kind !== 'bursty' || origin.uri !== uri || origin.start > start || origin.end < end) continue;
      return `Mean rate: ${formatRate(burstyMeanRate(arrivals))}`;
    }
  }
  return undefined;
}

/** The most names of one file, and the most characters of one text, that a hover shows. */
const mostNames = 100;
const mostCharacters = 600;

/** The declarations that a file provides to its importers. */
function describeImport(program: Program, uri: string): string {
  const declared = program.declarations(uri).filter((one) => one.file.uri === uri);
  const names = declared.slice(0, mostNames).map(({ kind, name }) => `- ${kind} \`${safeText(name)}\``);
  if (declared.length > mostNames) names.push(`- and ${declared.length - mostNames} more`);
  return [safeText(decodeURI(uri), mostCharacters), names.join('\n')].filter((part) => part !== '').join('\n\n');
}

function describeDeclaration(program: Program, declaration: Declaration): string {
  const { node, file, kind, name } = declaration;
  const head = node.kind === 'let' ? node : { start: node.start, end: node.body?.start ?? node.end };
  const code = `\`\`\`npu\n${safeText(displayText(file.tree, head.start, head.end), mostCharacters)}\n\`\`\``;
  const doc = docComment(file.tree, node);
  const facts: string[] = [];
  const value =
    node.kind === 'let'
      ? file.facts
          .all()
          .find((fact) => fact.kind === 'value' && fact.start === node.value.start && fact.end === node.value.end)
      : undefined;
  if (value?.kind === 'value') {
    const text = formatQuantity(value.value, value.dimension);
    if (text !== displayText(file.tree, value.start, value.end)) facts.push(`= ${text}`);
  }
  const model = modelOf(program, declaration);
  if (model !== undefined) {
    const output = model.layers.at(-1)?.outputShape.join(' x ') ?? '';
    const input = model.open === undefined ? model.inputShape.join(' x ') : 'each token';
    facts.push(`${model.layers.length} layers, ${input} to ${output}`);
    const assumed = (model.assumptions ?? []).map(assumptionText);
    if (assumed.length > 0) facts.push(`You assume: ${assumed.join('; ')}.`);
  }
  const npu = kind === 'npu' ? program.design.npus.find((one) => one.name === name) : undefined;
  if (npu !== undefined) {
    facts.push(
      `${arraysOf(npu).map(arrayText).join(', ')} at ${npu.clockHertz / 1e9} GHz, base ${modeText(npu.base)}, burst ${npu.burst === null ? 'none' : modeText(npu.burst)}`,
    );
  }
  return [code, doc, ...facts].filter((part) => part !== undefined).join('\n\n');
}

/** The layers of all models that come from a place in the text. A layer of a block occurs once for each use of the block. */
function layersAt(program: Program, uri: string, offset: number): readonly Layer[] {
  return program.design.models.flatMap((model) =>
    model.layers.filter(
      (layer) => layer.origin.uri === uri && layer.origin.start <= offset && offset < layer.origin.end,
    ),
  );
}

function describeLayers(layers: readonly Layer[]): string | undefined {
  const [first] = layers;
  if (first === undefined) return undefined;
  const input = safeText(first.inputShapes.map((shape) => shape.join(' x ')).join(', '));
  const uses = layers.length > 1 ? ` (and ${layers.length - 1} more uses of this block)` : '';
  const elements = elementsOf(first.outputShape).toLocaleString('en');
  return `\`${safeText(first.name)}\`: ${input} → **${first.outputShape.join(' x ')}**, ${elements} elements${uses}`;
}

export function describeProperty(property: PropertySchema): string {
  const requirement =
    property.required !== true
      ? ''
      : property.requiredUnless === undefined
        ? ', required'
        : `, required without ${property.requiredUnless.map((name) => `\`${name}\``).join(' and ')}`;
  const head = `**${property.name}**: ${describeType(property.type)}${requirement}`;
  const fallback =
    property.default === undefined ? undefined : `Default: \`${property.default.text}\` (${property.default.source}).`;
  return [head, property.documentation, fallback].filter((part) => part !== undefined).join('\n\n');
}

export function describeBlock(schema: BlockSchema): string {
  const properties = schema.properties.map((one) => `\`${one.name}\``).join(', ');
  const blocks = schema.content === 'layers' ? '' : schema.blocks.map((one) => `\`${one.keyword}\``).join(', ');
  const parts = [`**${schema.keyword}**`, schema.documentation];
  if (properties !== '') parts.push(`Properties: ${properties}.`);
  if (blocks !== '') parts.push(`Blocks: ${blocks}.`);
  return parts.join('\n\n');
}

/** A phrase that describes the values of a property. */
export function describeType(type: ValueType): string {
  switch (type.kind) {
    case 'quantity': {
      const phrases = type.dimensions.map((name) => dimensionWords[name].phrase);
      const words = (type.words ?? []).map((word) => `\`${word.name}\``);
      return [...phrases, ...words].join(' or ');
    }
    case 'word':
      return type.words.map((word) => `\`${word.name}\``).join(', ');
    case 'flag':
      return '`yes` or `no`';
    case 'text':
      return 'text';
    case 'seed':
      return 'a whole number of up to 64 bits';
    case 'reference':
      return `the name of a ${type.to}`;
    case 'form': {
      const forms = type.forms.map((form) => `\`${form.keyword}\``).join(', ');
      return type.quantity === undefined ? forms : `${forms}, or ${describeType(type.quantity)}`;
    }
    case 'pair':
      return type.most === 3 ? 'one to three whole numbers, `3 x 3`' : 'one or two whole numbers, `3 x 3`';
    case 'shape':
      return type.open === undefined
        ? 'a shape, `224 x 224 x 3`'
        : `a shape, \`224 x 224 x 3\`, or \`${type.open.name}\``;
    case 'padding':
      return '`same`, `valid`, or zeros: `1`, `1 x 2`, `[top, bottom, left, right]`';
    case 'layers':
      return 'labels of layers, `[a, b]`';
    case 'numbers':
      return 'a list of numbers, `[128, 256]`';
    case 'variants':
      return 'npus, schedulers, or `Npu with scheduler`';
  }
}
