/**
 * Colours for canvases, read from the variables of the style sheet (which follow the editor's theme), so that a plot matches the text around it.
 * Each mode has one colour everywhere; measures have the colour of the text.
 */
export interface Palette {
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly background: string;
  readonly base: string;
  readonly burst: string;
  readonly switching: string;
  readonly quantizing: string;
  readonly limit: string;
  readonly good: string;
  readonly undecided: string;
  readonly font: string;
  readonly fontSize: number;
}

export function readPalette(): Palette {
  followSystem();
  const style = getComputedStyle(document.body);
  const color = (name: string) => style.getPropertyValue(`--sp-${name}`).trim();
  const text = color('text');
  // Thin lines that do not distract, stronger in a theme with high contrast.
  const highContrast =
    document.body.className.includes('high-contrast') || matchMedia('(prefers-contrast: more)').matches;
  return {
    text,
    muted: color('muted'),
    grid: withAlpha(text, highContrast ? 0.4 : 0.12),
    background: color('background'),
    base: color('base'),
    burst: color('burst'),
    switching: color('switching'),
    quantizing: color('quantizing'),
    limit: color('limit'),
    good: color('good'),
    undecided: color('undecided'),
    font: style.fontFamily,
    fontSize: 11,
  };
}

const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

/** A standalone page follows the system's colour scheme. In an editor, other classes of the body decide. */
function followSystem(): void {
  const { body } = document;
  if (!body.className.includes('vscode-')) body.classList.toggle('system-dark', systemIsDark.matches);
}

/** Calls back when the editor changes its theme (class of the body, variables of the root) or the system its colour scheme. */
export function onThemeChange(listener: () => void): void {
  systemIsDark.addEventListener('change', followSystem);
  let pending = false;
  const later = () => {
    if (pending) return;
    pending = true;
    requestAnimationFrame(() => {
      pending = false;
      listener();
    });
  };
  const observer = new MutationObserver(later);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
    matchMedia(query).addEventListener('change', later);
  }
}

let probe: CanvasRenderingContext2D | null | undefined;

/** A colour in any CSS notation, with another opacity. */
export function withAlpha(color: string, alpha: number): string {
  probe ??= document.createElement('canvas').getContext('2d');
  if (probe === null) return color;
  probe.fillStyle = '#000000';
  probe.fillStyle = color;
  // A context returns #rrggbb, or rgba(r, g, b, a) if the colour is transparent.
  const seen = probe.fillStyle;
  if (seen.startsWith('#'))
    return `${seen}${Math.round(alpha * 255)
      .toString(16)
      .padStart(2, '0')}`;
  const [r = '0', g = '0', b = '0', a = '1'] = seen.match(/[\d.]+/g) ?? [];
  return `rgba(${r}, ${g}, ${b}, ${Number(a) * alpha})`;
}

/** A mixture of two colours, with `share` of the first, as an opaque colour: overlapping marks keep it. */
export function blend(over: string, under: string, share: number): string {
  const [a, b] = [channels(over), channels(under)];
  const mixed = [0, 1, 2].map((i) => Math.round((a[i] ?? 0) * share + (b[i] ?? 0) * (1 - share)));
  return `rgb(${mixed.join(', ')})`;
}

/** Red, green and blue from 0 to 255, without opacity. */
function channels(color: string): readonly number[] {
  const seen = withAlpha(color, 1);
  if (!seen.startsWith('#')) return (seen.match(/[\d.]+/g) ?? []).map(Number);
  return [1, 3, 5].map((at) => Number.parseInt(seen.slice(at, at + 2), 16));
}
