import { freshId } from '../elements/dom.ts';
import { stripePatterns } from './charts/patterns.ts';
import type { SwatchColor, SwatchName, SwatchShape } from './swatches.ts';
import { swatches, swatchHeight } from './swatches.ts';

/** A swatch as an element of the page. Its colours are those of the style sheet, so that they follow the theme by themselves. */
export function swatchElement(name: SwatchName): SVGSVGElement {
  const { width, shapes } = swatches[name];
  const element = make('svg', {
    class: `swatch swatch-${name}`,
    width,
    height: swatchHeight,
    viewBox: `0 0 ${width} ${swatchHeight}`,
    'aria-hidden': 'true',
  });
  for (const shape of shapes) appendShape(element, shape);
  return element;
}

function appendShape(parent: SVGElement, shape: SwatchShape): void {
  switch (shape.kind) {
    case 'line': {
      const attributes = { points: pointsText(shape.points), fill: 'none', 'stroke-width': shape.width };
      const dash = shape.dash.length === 0 ? {} : { 'stroke-dasharray': shape.dash.join(' ') };
      parent.appendChild(colored(make('polyline', { ...attributes, ...dash }), 'stroke', shape.color));
      return;
    }
    case 'area': {
      const attributes = { points: pointsText(shape.points), 'fill-opacity': shape.alpha };
      const polygon = colored(make('polygon', attributes), 'fill', shape.color);
      parent.appendChild(polygon);
      if (shape.stripes === null) return;
      const { size, path, opacity } = stripePatterns[shape.stripes];
      const id = freshId('stripes');
      const pattern = make('pattern', { id, width: size, height: size, patternUnits: 'userSpaceOnUse' });
      pattern.appendChild(colored(make('path', { d: path, 'stroke-opacity': opacity }), 'stroke', 'background'));
      parent.append(pattern, make('polygon', { points: pointsText(shape.points), fill: `url(#${id})` }));
      return;
    }
    case 'disc': {
      const [cx, cy] = shape.center;
      const attributes = { cx, cy, r: shape.radius, 'fill-opacity': shape.alpha, 'stroke-width': 1.5 };
      parent.appendChild(colored(colored(make('circle', attributes), 'stroke', shape.color), 'fill', shape.color));
      return;
    }
    case 'step': {
      const { left, width, color } = shape;
      parent.appendChild(make('rect', { x: left, y: 1, width, height: swatchHeight - 2, fill: color }));
    }
  }
}

function make<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** A style, since attributes take no variables; set by script, which the page's policy allows. */
function colored<T extends SVGElement>(element: T, property: 'fill' | 'stroke', color: SwatchColor): T {
  element.style.setProperty(property, `var(--sp-${color})`);
  return element;
}

function pointsText(points: readonly (readonly [x: number, y: number])[]): string {
  return points.map(([x, y]) => `${x},${y}`).join(' ');
}
