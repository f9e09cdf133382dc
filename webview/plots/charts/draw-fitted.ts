import type { Chart } from './registry.ts';

/**
 * Draws a chart with new data at the current size of its container. If the container was hidden, resizing already draws the chart. Drawing it
 * again would double the time to the first paint.
 */
export function drawFitted(chart: Chart): void {
  const { width, height } = chart;
  chart.resize();
  if (chart.width === width && chart.height === height) chart.update('none');
}
