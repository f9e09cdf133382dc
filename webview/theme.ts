/**
 * Colours for canvases, read from the style sheet's own variables (which stand on the editor's theme), so that a plot and the
 * text around it never disagree. Modes have one colour each, everywhere; measures are drawn in the text's colour.
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
  const style = getComputedStyle(document.body);
  const color = (name: string) => style.getPropertyValue(`--sp-${name}`).trim();
  const text = color('text');
  // Hairlines: there when looked for, more so for those who asked for contrast.
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

/** Calls back when the editor changes its theme (class of the body, variables on the root) or the system its scheme. */
export function onThemeChange(listener: () => void): void {
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

/** A colour of the theme, whatever its notation, with another opacity. */
export function withAlpha(color: string, alpha: number): string {
  probe ??= document.createElement('canvas').getContext('2d');
  if (probe === null) return color;
  probe.fillStyle = '#000000';
  probe.fillStyle = color;
  // The context gives back #rrggbb, or rgba(r, g, b, a) where the colour has an opacity of its own.
  const seen = probe.fillStyle;
  if (seen.startsWith('#'))
    return `${seen}${Math.round(alpha * 255)
      .toString(16)
      .padStart(2, '0')}`;
  const [r = '0', g = '0', b = '0', a = '1'] = seen.match(/[\d.]+/g) ?? [];
  return `rgba(${r}, ${g}, ${b}, ${Number(a) * alpha})`;
}
