import { describe, expect, test } from 'vitest';
import { type HostMessage, packVerdicts, type StatedNumber } from '../../protocol/index.ts';
import { fixtureUri } from './fixture-run.ts';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';
import { checkLooks, checkWidth, panelTests, settle } from './harness.ts';

const { withPanel } = panelTests();
const results = fixtureResults();
const scenario = results[0]?.scenario ?? '';

function number(path: string, text: string, unit: string, start: number, of: string | null = null): StatedNumber {
  return { path, text, unit, start, end: start + text.length, scenario: of };
}

const numbers = (peak = '13000'): HostMessage => ({
  type: 'numbers',
  uri: fixtureUri,
  numbers: [
    number('peak', peak, 'rps', 11),
    number('Conservative.burst.guard', '5', '%', 60 + peak.length),
    number(`${scenario}.ResNet50.p99 latency`, '15', 'ms', 120 + peak.length, scenario),
    number('Another.ResNet50.p99 latency', '20', 'ms', 180 + peak.length, 'Another'),
  ],
});

describe('the sliders', () => {
  test('show the numbers of the scenario, with name, value and unit, usable by keyboard', async () => {
    await withPanel({}, async (panel) => {
      const { page, update, send, sent } = panel;
      await update(fixtureUpdate(fixtureState('fresh'), results));
      expect(await page.getByTestId('numbers').isVisible()).toBe(false);
      await send(numbers());
      const names = await page.getByTestId('numbers').locator('label').allInnerTexts();
      expect(names).toEqual(['peak', 'Conservative.burst.guard', `${scenario}.ResNet50.p99 latency`]);
      const peak = page.getByRole('slider', { name: 'peak' });
      expect(await peak.getAttribute('aria-valuetext')).toBe('13000 rps');
      await peak.focus();
      for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft']) await page.keyboard.press(key);
      const changes = (await sent()).filter(({ type }) => type === 'number');
      expect(changes).toEqual([
        { type: 'number', change: { start: 11, from: '13000', to: '14000', begins: true } },
        { type: 'number', change: { start: 11, from: '14000', to: '15000', begins: false } },
        { type: 'number', change: { start: 11, from: '15000', to: '14000', begins: false } },
      ]);
      expect(await peak.getAttribute('aria-valuetext')).toBe('14000 rps');
      // The text follows, and the slider keeps the focus.
      await send(numbers('14000'));
      expect(await page.evaluate('document.activeElement.dataset.testid')).toBe('number-peak');
      await page.keyboard.press('ArrowLeft');
      expect((await sent()).at(-1)).toMatchObject({ change: { from: '14000', to: '13000' } });
      await checkLooks(panel, 'numbers-1200');
    });
  });

  test('a drag is one step of undo, and texts that arrive during it do not move the slider', async () => {
    await withPanel({ width: 300 }, async (panel) => {
      const { page, update, send, sent } = panel;
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await send(numbers());
      const peak = page.getByRole('slider', { name: 'peak' });
      await peak.scrollIntoViewIfNeeded();
      const box = await peak.boundingBox();
      if (box === null) throw new Error('the slider is not visible');
      const middle = box.y + box.height / 2;
      await page.mouse.move(box.x + box.width / 2, middle);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.7, middle, { steps: 4 });
      await send(numbers('13000'));
      const before = await peak.inputValue();
      await send(numbers('9900'));
      expect(await peak.inputValue()).toBe(before);
      await page.mouse.move(box.x + box.width * 0.9, middle, { steps: 4 });
      expect(Number(await peak.inputValue())).toBeGreaterThan(Number(before));
      await page.mouse.up();
      await settle(page);
      const changes = (await sent()).flatMap((message) => (message.type === 'number' ? [message.change] : []));
      expect(changes.length).toBeGreaterThan(2);
      expect(changes.map(({ begins }) => begins)).toEqual(changes.map((_, i) => i === 0));
      expect(changes.every(({ start }) => start === 11)).toBe(true);
      // The host accepts only a change of the text that it has.
      expect(changes.at(-1)?.from).toBe('9900');
      // The text that is sent after the drag counts again.
      await send(numbers('9000'));
      expect(await peak.getAttribute('aria-valuetext')).toBe('9000 rps');
      await checkWidth(panel, 'numbers-300');
    });
  });

  test('have the verdicts above them, which follow a preview', async () => {
    const calmer = packVerdicts(fixtureResults(900).slice(0, 1));
    await withPanel({}, async ({ page, update, send }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await send(numbers());
      const lines = page.getByTestId('outcome-lines');
      const measured = await page.getByTestId('outcomes').getByTestId('measured').allInnerTexts();
      expect(await lines.getByTestId('measured').allInnerTexts()).toEqual(measured);
      const early = { ...fixtureUpdate(fixtureState('preview'), null), early: calmer };
      await update(early);
      const previewed = await page.getByTestId('outcomes').getByTestId('measured').allInnerTexts();
      expect(previewed).not.toEqual(measured);
      expect(await lines.getByTestId('measured').allInnerTexts()).toEqual(previewed);
    });
  });

  test('at its end, a slider gets further values; deleted numbers lose their sliders', async () => {
    await withPanel({}, async ({ page, update, send, sent }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await send(numbers('8'));
      const peak = page.getByRole('slider', { name: 'peak' });
      await peak.focus();
      await page.keyboard.press('End');
      await page.keyboard.press('ArrowRight');
      const last = (await sent()).flatMap((message) => (message.type === 'number' ? [message.change.to] : []));
      expect(last).toEqual(['32', '33']);
      await send({ type: 'numbers', uri: fixtureUri, numbers: [] });
      expect(await page.getByTestId('numbers').isVisible()).toBe(false);
    });
  });

  test('a file with many numbers states how many have no slider', async () => {
    await withPanel({}, async ({ page, update, send }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      const many = Array.from({ length: 43 }, (_, i) => number(`n${i}`, '8', 'ms', i * 10));
      await send({ type: 'numbers', uri: fixtureUri, numbers: many });
      expect(await page.getByRole('slider').count()).toBe(40);
      expect(await page.getByTestId('numbers').innerText()).toContain('3 more numbers have no slider');
    });
  });
});
