/**
 * A colour ramp with steps that look equal: lightness grows linearly in OKLab (B. Ottosson, "A perceptual color space for image processing",
 * 2020) while the hue changes from violet to teal to yellow. It is readable in grey and with any colour vision. It works in every theme, because
 * it fills whole cells. Text on it is black or white, depending on lightness.
 */

const steps = 64;
const darkest = 0.28;
const lightest = 0.93;

function linearToByte(value: number): number {
  const clamped = Math.min(1, Math.max(0, value));
  const encoded = clamped <= 0.0031308 ? 12.92 * clamped : 1.055 * clamped ** (1 / 2.4) - 0.055;
  return Math.round(255 * encoded);
}

/** Lightness 0..1, chroma, hue in degrees; as #rrggbb. The matrices are Ottosson's. */
function oklch(lightness: number, chroma: number, hue: number): string {
  const angle = (hue * Math.PI) / 180;
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const channels = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return `#${channels.map((channel) => linearToByte(channel).toString(16).padStart(2, '0')).join('')}`;
}

const colors: readonly string[] = Array.from({ length: steps }, (_, i) => {
  const at = i / (steps - 1);
  return oklch(darkest + (lightest - darkest) * at, 0.1 + 0.03 * at, 295 - 190 * at);
});

/** `at`: from 0 (lowest) to 1 (highest). */
export function rampColor(at: number): string {
  return colors[Math.round(Math.min(1, Math.max(0, at)) * (steps - 1))] ?? '#808080';
}

/** A text colour that is readable on that colour. */
export function rampInk(at: number): string {
  return darkest + (lightest - darkest) * at > 0.6 ? '#000000' : '#ffffff';
}
