/*
 * A drawing context that writes SVG: only the part of CanvasRenderingContext2D that the charts and the timeline use. The same code draws canvas and SVG,
 * so that both always agree. The canvas that it replaces measures the texts.
 */
import { escapeMarkup } from '../../protocol/index.ts';
import type { Fill } from '../plots/charts/patterns.ts';
import { patternFacts, stripePatterns } from '../plots/charts/patterns.ts';

interface Style {
  fillStyle: Fill | CanvasGradient;
  strokeStyle: Fill | CanvasGradient;
  lineWidth: number;
  lineCap: string;
  lineJoin: string;
  globalAlpha: number;
  font: string;
  textAlign: string;
  textBaseline: string;
  dash: readonly number[];
  lineDashOffset: number;
  /** a, b, c, d, e, f as in a canvas. */
  matrix: readonly [number, number, number, number, number, number];
  clip: string | null;
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

const anchors: Readonly<Record<string, string>> = { center: 'middle', right: 'end', end: 'end' };
/** The distance from a canvas's baseline to that of SVG, in font sizes. */
const baselines: Readonly<Record<string, number>> = { middle: 0.35, top: 0.8, hanging: 0.8, bottom: -0.2 };

export class SvgContext {
  readonly canvas: HTMLCanvasElement;
  private readonly measure: CanvasRenderingContext2D;
  private style: Style = {
    fillStyle: '#000000',
    strokeStyle: '#000000',
    lineWidth: 1,
    lineCap: 'butt',
    lineJoin: 'miter',
    globalAlpha: 1,
    font: '10px sans-serif',
    textAlign: 'start',
    textBaseline: 'alphabetic',
    dash: [],
    lineDashOffset: 0,
    matrix: [1, 0, 0, 1, 0, 0],
    clip: null,
  };
  private readonly prefix: string;
  private readonly stack: Style[] = [];
  private path = '';
  private readonly body: string[] = [];
  private readonly defs: string[] = [];
  private readonly patternIds = new Map<object, string>();

  /** Ids start with `prefix`, so that two drawings in one document have different ids. */
  constructor(measure: CanvasRenderingContext2D, prefix: string) {
    this.prefix = prefix;
    this.measure = measure;
    this.canvas = measure.canvas;
  }

  /** The drawn elements, with the definitions that they use. */
  elements(): readonly string[] {
    return [`<defs>${this.defs.join('')}</defs>`, ...this.body];
  }

  /** The document. The drawing moves down by `top`, below the heading. */
  document(width: number, height: number, background: string, heading: readonly string[], top: number): string {
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + top}" viewBox="0 0 ${width} ${height + top}">`,
      `<defs>${this.defs.join('')}</defs>`,
      `<rect width="100%" height="100%" fill="${escapeMarkup(background)}"/>`,
      ...heading,
      `<g transform="translate(0 ${top})">`,
      ...this.body,
      '</g>',
      '</svg>',
      '',
    ].join('\n');
  }

  get fillStyle() {
    return this.style.fillStyle;
  }
  set fillStyle(value) {
    this.style.fillStyle = value;
  }
  get strokeStyle() {
    return this.style.strokeStyle;
  }
  set strokeStyle(value) {
    this.style.strokeStyle = value;
  }
  get lineWidth() {
    return this.style.lineWidth;
  }
  set lineWidth(value) {
    this.style.lineWidth = value;
  }
  get lineCap() {
    return this.style.lineCap;
  }
  set lineCap(value) {
    this.style.lineCap = value;
  }
  get lineJoin() {
    return this.style.lineJoin;
  }
  set lineJoin(value) {
    this.style.lineJoin = value;
  }
  get globalAlpha() {
    return this.style.globalAlpha;
  }
  set globalAlpha(value) {
    this.style.globalAlpha = value;
  }
  get font() {
    return this.style.font;
  }
  set font(value) {
    this.style.font = value;
    this.measure.font = value;
  }
  get textAlign() {
    return this.style.textAlign;
  }
  set textAlign(value) {
    this.style.textAlign = value;
  }
  get textBaseline() {
    return this.style.textBaseline;
  }
  set textBaseline(value) {
    this.style.textBaseline = value;
  }
  get lineDashOffset() {
    return this.style.lineDashOffset;
  }
  set lineDashOffset(value) {
    this.style.lineDashOffset = value;
  }

  save(): void {
    this.stack.push({ ...this.style });
  }
  restore(): void {
    this.style = this.stack.pop() ?? this.style;
  }
  setLineDash(dash: readonly number[]): void {
    this.style.dash = [...dash];
  }
  getLineDash(): readonly number[] {
    return this.style.dash;
  }

  translate(x: number, y: number): void {
    const [a, b, c, d, e, f] = this.style.matrix;
    this.style.matrix = [a, b, c, d, e + a * x + c * y, f + b * x + d * y];
  }
  rotate(angle: number): void {
    const [a, b, c, d, e, f] = this.style.matrix;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    this.style.matrix = [a * cos + c * sin, b * cos + d * sin, c * cos - a * sin, d * cos - b * sin, e, f];
  }
  scale(x: number, y: number): void {
    const [a, b, c, d, e, f] = this.style.matrix;
    this.style.matrix = [a * x, b * x, c * y, d * y, e, f];
  }
  resetTransform(): void {
    this.style.matrix = [1, 0, 0, 1, 0, 0];
  }
  setTransform(a = 1, b = 0, c = 0, d = 1, e = 0, f = 0): void {
    this.style.matrix = [a, b, c, d, e, f];
  }

  beginPath(): void {
    this.path = '';
  }
  moveTo(x: number, y: number): void {
    this.path += `M${number(x)} ${number(y)}`;
  }
  lineTo(x: number, y: number): void {
    this.path += `${this.path === '' ? 'M' : 'L'}${number(x)} ${number(y)}`;
  }
  bezierCurveTo(ax: number, ay: number, bx: number, by: number, x: number, y: number): void {
    this.path += `C${[ax, ay, bx, by, x, y].map(number).join(' ')}`;
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.path += `M${number(x)} ${number(y)}h${number(width)}v${number(height)}h${number(-width)}z`;
  }
  arc(x: number, y: number, radius: number, start: number, end: number): void {
    // Charts draw only whole circles. SVG needs two half arcs for one: an arc cannot end at its start.
    const [fromX, fromY] = [x + radius * Math.cos(start), y + radius * Math.sin(start)];
    const middle = (start + end) / 2;
    const [overX, overY] = [x + radius * Math.cos(middle), y + radius * Math.sin(middle)];
    const [toX, toY] = [x + radius * Math.cos(end), y + radius * Math.sin(end)];
    const half = (px: number, py: number) => `A${number(radius)} ${number(radius)} 0 0 1 ${number(px)} ${number(py)}`;
    this.path += `${this.path === '' ? 'M' : 'L'}${number(fromX)} ${number(fromY)}${half(overX, overY)}${half(toX, toY)}`;
  }
  closePath(): void {
    if (this.path !== '') this.path += 'Z';
  }
  clip(): void {
    const id = `${this.prefix}-clip${this.defs.length}`;
    const inside = this.style.clip === null ? '' : ` clip-path="url(#${this.style.clip})"`;
    this.defs.push(`<clipPath id="${id}"${inside}><path d="${this.path}"${this.transform()}/></clipPath>`);
    this.style.clip = id;
  }

  fill(): void {
    if (this.path !== '') this.emit(`<path d="${this.path}" fill="${this.paint(this.style.fillStyle)}"/>`);
  }
  stroke(): void {
    if (this.path !== '') this.emit(`<path d="${this.path}" fill="none" ${this.strokeAttributes()}/>`);
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    this.emit(`<rect ${this.box(x, y, width, height)} fill="${this.paint(this.style.fillStyle)}"/>`);
  }
  strokeRect(x: number, y: number, width: number, height: number): void {
    this.emit(`<rect ${this.box(x, y, width, height)} fill="none" ${this.strokeAttributes()}/>`);
  }
  clearRect(): void {
    // A new drawing is empty already.
  }
  createPattern(image: CanvasImageSource, repetition: string | null): CanvasPattern | null {
    return this.measure.createPattern(image, repetition);
  }
  measureText(text: string): TextMetrics {
    this.measure.font = this.style.font;
    return this.measure.measureText(text);
  }
  fillText(text: string, x: number, y: number): void {
    const [, size = '10', family = 'sans-serif'] = /([\d.]+)px(?:\/\S+)? (.*)$/.exec(this.style.font) ?? [];
    const weight = /\bbold\b/.test(this.style.font) ? ' font-weight="bold"' : '';
    const anchor = anchors[this.style.textAlign] ?? 'start';
    const shift = (baselines[this.style.textBaseline] ?? 0) * Number(size);
    this.emit(
      `<text x="${number(x)}" y="${number(y + shift)}" font-size="${size}" font-family="${escapeMarkup(family)}"${weight} text-anchor="${anchor}" fill="${this.paint(this.style.fillStyle)}">${escapeMarkup(text)}</text>`,
    );
  }
  strokeText(): void {
    // Chart.js strokes only outlines of text, which are not used here.
  }

  private transform(): string {
    const { matrix } = this.style;
    return matrix.join(' ') === '1 0 0 1 0 0' ? '' : ` transform="matrix(${matrix.map(number).join(' ')})"`;
  }
  private box(x: number, y: number, width: number, height: number): string {
    // A canvas accepts negative sizes, SVG does not.
    const [left, top] = [Math.min(x, x + width), Math.min(y, y + height)];
    return `x="${number(left)}" y="${number(top)}" width="${number(Math.abs(width))}" height="${number(Math.abs(height))}"`;
  }
  private strokeAttributes(): string {
    const { strokeStyle, lineWidth, dash, lineCap, lineJoin } = this.style;
    const dashes = dash.length === 0 ? '' : ` stroke-dasharray="${dash.map(number).join(' ')}"`;
    return `stroke="${this.paint(strokeStyle)}" stroke-width="${number(lineWidth)}" stroke-linecap="${lineCap}" stroke-linejoin="${lineJoin}"${dashes}`;
  }
  private emit(element: string): void {
    const opacity = this.style.globalAlpha === 1 ? '' : ` opacity="${number(this.style.globalAlpha)}"`;
    const transform = this.transform();
    const inner = transform + opacity === '' ? element : `<g${transform}${opacity}>${element}</g>`;
    this.body.push(this.style.clip === null ? inner : `<g clip-path="url(#${this.style.clip})">${inner}</g>`);
  }
  private paint(fill: Fill | CanvasGradient): string {
    if (typeof fill === 'string') return escapeMarkup(fill);
    const known = this.patternIds.get(fill);
    if (known !== undefined) return `url(#${known})`;
    const facts = patternFacts(fill);
    if (facts === undefined) return '#808080';
    const id = `${this.prefix}-pattern${this.patternIds.size}`;
    this.patternIds.set(fill, id);
    const { size, path, opacity } = stripePatterns[facts.direction];
    this.defs.push(
      `<pattern id="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse"><rect width="${size}" height="${size}" fill="${escapeMarkup(facts.color)}"/><path d="${path}" stroke="${escapeMarkup(facts.background)}" stroke-opacity="${opacity}"/></pattern>`,
    );
    return `url(#${id})`;
  }
}
