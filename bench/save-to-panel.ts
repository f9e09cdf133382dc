import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { buildAll } from '../scripts/build.ts';
import { repositoryFolder } from '../scripts/vscode/artifacts.ts';
import { openWorkbench, temporaryCopy } from '../scripts/vscode/open-workbench.ts';
import { until } from '../scripts/vscode/wait.ts';
import { openFile, replaceLine, runCommand, webviewFrame } from '../scripts/vscode/workbench.ts';

/*
 * Measures the time from the save keystroke to the diagnostic on the objective and to the drawn panel, in real VS Code. The
 * pages themselves read the clock (Date.now, the same clock for both). The diagnostic counts when its underline appears or
 * disappears in the document. The panel counts when it has drawn the run. Run: npx tsx bench/save-to-panel.ts
 */

const saves = 20;
const underline = '.squiggly-error, .squiggly-warning, .squiggly-info';

interface Sight {
  readonly selector: string;
  /** null: watch the number of elements. */
  readonly attribute: string | null;
  readonly before: string;
}

/** The clock time in milliseconds when the page shows another value than before. This function runs inside the page. */
function watch({ selector, attribute, before }: Sight): Promise<number> {
  return new Promise((resolve) => {
    const read = (): string =>
      attribute === null
        ? String(document.querySelectorAll(selector).length)
        : (document.querySelector(selector)?.getAttribute(attribute) ?? '');
    const look = (): void => {
      if (read() !== before) requestAnimationFrame(() => resolve(Date.now()));
      else setTimeout(look, 1);
    };
    look();
  });
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

/** The bundler of the runner names functions with a helper function, which the page does not have. */
const namesFunctions = 'globalThis.__name = (value) => value';

async function measure(
  page: Page,
  frame: Frame,
  line: number,
  rate: number,
): Promise<{ diagnostic: number; panel: number }> {
  await openFile(page, 'rush.npu');
  await replaceLine(page, line, `let peak = ${rate} rps`);
  await until('stale', async () => (await frame.getByTestId('content').getAttribute('data-stale')) === 'true');
  // By then, the diagnostic of an earlier error is stale and shown as information.
  await until('no error', async () => (await page.locator('.squiggly-error').count()) === 0);
  const overloaded = rate > 10_000;
  if (!overloaded) await until('stale findings', async () => (await page.locator(underline).count()) > 0);
  const seen = overloaded ? '.squiggly-error' : underline;
  const underlined = String(await page.locator(seen).count());
  const drawn = (await frame.getByTestId('content').getAttribute('data-drawn')) ?? '';
  const diagnosticSeen = page.evaluate(watch, { selector: seen, attribute: null, before: underlined });
  const panelSeen = frame.evaluate(watch, {
    selector: '[data-testid=content]',
    attribute: 'data-drawn',
    before: drawn,
  });
  const pressed = await page.evaluate(() => Date.now());
  await page.keyboard.press('Control+s');
  return { diagnostic: (await diagnosticSeen) - pressed, panel: (await panelSeen) - pressed };
}

await buildAll();
const examples = temporaryCopy(path.join(repositoryFolder, 'examples'));
const text = readFileSync(path.join(examples.folder, 'rush.npu'), 'utf8');
const line = text.split('\n').findIndex((candidate) => candidate.startsWith('let peak')) + 1;
const workbench = await openWorkbench({ folder: examples.folder, extension: repositoryFolder });
try {
  const { page } = workbench;
  await openFile(page, 'rush.npu');
  await runCommand(page, 'Stimpack: Open Results Beside the Editor');
  const frame = await webviewFrame(page, async (candidate) => (await candidate.getByTestId('content').count()) > 0);
  await Promise.all([page.evaluate(namesFunctions), frame.evaluate(namesFunctions)]);
  const diagnostics: number[] = [];
  const panels: number[] = [];
  for (let i = -2; i < saves; i++) {
    // The load alternates between much too high and very low, so each save changes the verdict. The first two saves
    // warm up.
    const times = await measure(page, frame, line, i % 2 === 0 ? 60_000 + i : 500 + i);
    if (i < 0) continue;
    diagnostics.push(times.diagnostic);
    panels.push(times.panel);
  }
  const of = (parity: number): number[] => diagnostics.filter((_, i) => i % 2 === parity);
  console.log(
    `save to a broken objective's underline: median ${median(of(0))} ms; to its going: median ${median(of(1))} ms`,
  );
  console.log(`save to diagnostic: median ${median(diagnostics)} ms of ${saves} (${diagnostics.join(', ')})`);
  console.log(`save to drawn panel: median ${median(panels)} ms of ${saves} (${panels.join(', ')})`);
  // These times include other work on the same cores.
  console.log(`load of the machine, over a minute: ${loadavg()[0]?.toFixed(1)}`);
} finally {
  await workbench.close();
  examples.remove();
}
