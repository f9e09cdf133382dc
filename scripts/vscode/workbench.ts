import type { Frame, Locator, Page } from 'playwright-core';
import { artifact } from './artifacts.ts';
import { until } from './wait.ts';

/*
 * What a person does in VS Code's window, one function each. Nothing here knows our extension.
 *
 * Two habits keep these steady. Everything waits by asking again, never for a time. And everything goes through the
 * palette (F1), where the browser has keys of its own for what VS Code would use (Ctrl+N, Ctrl+W, Ctrl+Shift+P in a window).
 */

/** Each group of editors has an active tab; this is the one with the focus. */
const ACTIVE_TAB = '.editor-group-container.active .tab.active';

/** Settings without which the editor adds to what is typed. A test of what it adds overrides them. */
export const exactTyping = {
  'editor.autoIndent': 'none',
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
} as const;

export interface Problem {
  readonly severity: 'error' | 'warning' | 'information';
  readonly message: string;
  readonly source: string;
  readonly code: string;
  /** One-based, as the Problems view shows them. */
  readonly line: number;
  readonly column: number;
}

/**
 * Puts the cursor into a file of the folder, named by its path in the folder: by its tab where it has one, else from the palette.
 * (Opened from the palette while a panel has the focus, a file that is open already would get a second tab beside that panel.)
 */
export async function openFile(page: Page, path: string): Promise<void> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const tab = page.locator(`.tab[data-resource-name="${name}"]`).first();
  if (await tab.isVisible()) {
    await tab.click();
  } else {
    await quickInput(page, path, (row) => row.filter({ has: page.locator('.label-name', { hasText: name }) }));
  }
  const active = page.locator(`${ACTIVE_TAB}[data-resource-name="${name}"]`);
  await until(`the editor of ${name}`, () => active.isVisible());
  await until('the editor to have the cursor', () => focusedEditor(page).isVisible());
}

/** Runs a command by its title in the palette, "Category: Title". */
export async function runCommand(page: Page, command: string): Promise<void> {
  await quickInput(page, `>${command}`, (row) => row.and(page.locator(`[aria-label^="${command}"]`)));
}

/** Puts the cursor at a place of the active editor, one-based. */
export async function goToLine(page: Page, line: number, column = 1): Promise<void> {
  await quickInput(page, `:${line}:${column}`, undefined);
  await until('the editor to have the cursor', () => focusedEditor(page).isVisible());
}

/**
 * Types text at the cursor at once, newlines included. What arrives is what was given, thanks to `exactTyping`. A list of suggestions may
 * open behind it: Escape closes it, Enter would take one. (Pasting would be slower and worse: VS Code asks extensions how to paste, and
 * drops the text if the cursor moves meanwhile.)
 */
export async function insertText(page: Page, text: string): Promise<void> {
  await until('the editor to have the cursor', () => focusedEditor(page).isVisible());
  await page.keyboard.insertText(text);
}

/** Replaces a whole line (one-based) of the active editor. */
export async function replaceLine(page: Page, line: number, text: string): Promise<void> {
  await goToLine(page, line);
  // The first Home may stop at the indentation.
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await insertText(page, text);
}

/** Replaces the whole text of the active editor. */
export async function replaceAll(page: Page, text: string): Promise<void> {
  await until('the editor to have the cursor', () => focusedEditor(page).isVisible());
  await page.keyboard.press('Control+a');
  await insertText(page, text);
}

/** Saves the active editor and waits until its tab is clean. */
export async function save(page: Page): Promise<void> {
  await page.keyboard.press('Control+s');
  await until('the file to be saved', async () => (await page.locator(`${ACTIVE_TAB}.dirty`).count()) === 0);
}

/** What the Problems view lists. Opens the view where it is closed, which moves the focus there. */
export async function readProblems(page: Page): Promise<readonly Problem[]> {
  const view: Locator = page.locator('.markers-panel-container');
  if (!(await view.isVisible())) {
    await runCommand(page, 'Problems: Focus on Problems View');
    await until('the Problems view', () => view.isVisible());
  }
  // All rows at once: a row may vanish between two questions about it.
  const rows = await view.locator('.monaco-list-row:has(.marker-icon)').evaluateAll((elements: readonly unknown[]) =>
    (elements as readonly RowElement[]).map((row) => {
      const text = (selector: string) =>
        [...row.querySelectorAll(selector)].map(({ innerText }) => innerText.trim()).join('\n');
      return {
        icon: row.querySelector('.marker-icon .codicon')?.className ?? '',
        message: text('.marker-message'),
        source: text('.marker-source'),
        code: text('.marker-code'),
        place: text('.marker-line'),
      };
    }),
  );
  return rows.map(({ icon, place, ...texts }) => {
    const [, line, column] = /Ln (\d+), Col (\d+)/.exec(place) ?? [];
    return {
      ...texts,
      severity: icon.includes('error') ? 'error' : icon.includes('warning') ? 'warning' : 'information',
      line: Number(line ?? Number.NaN),
      column: Number(column ?? Number.NaN),
    };
  });
}

/** The part of an HTMLElement that runs in the page: scripts have no types of the DOM. */
interface RowElement {
  readonly innerText: string;
  readonly className: string;
  querySelector(selector: string): RowElement | null;
  querySelectorAll(selector: string): Iterable<RowElement>;
}

/** The text of each item of the status bar, in its order. */
export async function readStatusBar(page: Page): Promise<readonly string[]> {
  const texts = await page.locator('.statusbar .statusbar-item').allInnerTexts();
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}

/**
 * The frame with a webview's own document. A string is its `<title>`; a pattern is looked for in its text.
 *
 * A webview is two frames: the outer belongs to VS Code, the inner one to us. While the extension replaces its html, a second inner frame
 * is pending beside the active one; it becomes active, and the old frame goes. Hence ask again for the frame after that.
 */
export async function webviewFrame(
  page: Page,
  match: string | RegExp | ((frame: Frame) => Promise<boolean>),
): Promise<Frame> {
  return until(`the webview ${match}`, async () => {
    for (const frame of page.frames()) {
      if (!(await isActiveWebview(frame))) continue;
      if (typeof match === 'function') {
        if (await match(frame)) return frame;
      } else if (typeof match === 'string') {
        if ((await frame.title()) === match) return frame;
      } else if (match.test((await frame.locator('body').allInnerTexts())[0] ?? '')) {
        return frame;
      }
    }
    return undefined;
  });
}

async function isActiveWebview(frame: Frame): Promise<boolean> {
  if (frame.parentFrame()?.url().includes('/webview/') !== true) return false;
  try {
    // Its name stays "pending-frame" for ever: only the identifier of the element says which is which.
    return (await (await frame.frameElement()).getAttribute('id')) === 'active-frame';
  } catch {
    // It went while we looked.
    return false;
  }
}

/** Saves what the window shows under .artifacts/ and returns the path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const path = artifact('screenshots', `${name}.png`);
  await page.screenshot({ path });
  return path;
}

function focusedEditor(page: Page): Locator {
  return page.locator('.editor-instance .monaco-editor.focused').first();
}

/**
 * Types into the palette and takes the first row that `pick` chooses; without `pick`, presses Enter.
 * F1 opens it with ">", and the first characters of the text decide what it lists (none: files).
 */
async function quickInput(page: Page, text: string, pick: ((row: Locator) => Locator) | undefined): Promise<void> {
  const widget = page.locator('.quick-input-widget');
  const input = widget.locator('.quick-input-box input');
  await until('the palette to open', async () => {
    // Before the workbench listens for keys, the first ones are lost.
    if (!(await input.isVisible())) await page.keyboard.press('F1');
    await input.waitFor({ state: 'visible', timeout: 1000 });
    return true;
  });
  await input.fill(text);
  // It closes, or the command asks for something in the same place.
  const taken = async (): Promise<boolean> => !(await widget.isVisible()) || (await input.inputValue()) !== text;
  if (pick === undefined) {
    await page.keyboard.press('Enter');
    await until('the palette to close', taken);
    return;
  }
  // Rows come late (commands while extensions load, files while the folder is searched), and are drawn again while one
  // clicks: a click that seems to have failed may have worked.
  await until(`the palette to offer "${text}"`, async () => {
    const row = pick(widget.locator('.monaco-list-row')).first();
    await row.click({ timeout: 1000 }).catch(() => undefined);
    return taken();
  });
}
