import type { Chart } from './registry.ts';

/**
 * Draws a chart with what it has been given, at the size that its place has now. A place that was hidden has another size than the chart:
 * taking that on draws it already, and drawing it once more would be half of the time to the first paint.
 */
export function drawFitted(chart: Chart): void {
  const { width, height } = chart;
  chart.resize();
  if (chart.width === width && chart.height === height) chart.update('none');
}
