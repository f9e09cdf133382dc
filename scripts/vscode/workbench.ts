import { setTimeout as sleep } from 'node:timers/promises';
import type { Frame, Locator, Page } from 'playwright-core';
import { artifact } from './artifacts.ts';
import { until } from './wait.ts';

/*
 * The actions of a user in VS Code's window, one function for each. Nothing here depends on our extension. Two rules
 * keep the steps reliable. Every step waits by repeating a probe, never for a fixed time. Every step uses the palette
 * (F1), because the browser itself uses some of VS Code's keys (Ctrl+N, Ctrl+W, Ctrl+Shift+P).
 */

/** Each group of editors has an active tab; this is the one with the focus. */
const ACTIVE_TAB = '.editor-group-container.active .tab.active';

/** Settings that stop the editor from adding to the typed text. A test of such additions overrides them. */
export const exactTyping = {
  'editor.autoIndent': 'none',
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
} as const;

/**
 * Settings that save drawing, which takes processor time without a graphics card. With the panel open and nothing to do, the browser takes half of the
 * processor time.
 */
export const stillWindow = {
  'editor.cursorBlinking': 'solid',
  'editor.minimap.enabled': false,
  'workbench.reduceMotion': 'on',
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
 * Puts the cursor into a file of the folder, named by its path in the folder. Uses the tab of the file if there is one,
 * else the palette. (From the palette, a file that is already open would get a second tab beside a focused panel.)
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
 * Inserts text at the cursor in one step, including newlines. With `exactTyping`, the editor does not change the text.
 * A list of suggestions may open after it: Escape closes it, Enter would accept an item. (Pasting is slower and less
 * reliable: VS Code asks extensions how to paste, and drops the text if the cursor moves meanwhile.)
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

/** The rows of the Problems view. Opens the view if it is closed, which moves the focus there. */
export async function readProblems(page: Page): Promise<readonly Problem[]> {
  const view: Locator = page.locator('.markers-panel-container');
  if (!(await view.isVisible())) {
    await runCommand(page, 'Problems: Focus on Problems View');
    await until('the Problems view', () => view.isVisible());
  }
  // Reads all rows at once, because a row may disappear between two reads.
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

/** The part of an HTMLElement that runs in the page. Scripts have no DOM types. */
interface RowElement {
  readonly innerText: string;
  readonly className: string;
  querySelector(selector: string): RowElement | null;
  querySelectorAll(selector: string): Iterable<RowElement>;
}

/** The text of each item of the status bar, in order. */
export async function readStatusBar(page: Page): Promise<readonly string[]> {
  const texts = await page.locator('.statusbar .statusbar-item').allInnerTexts();
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}

/**
 * The frame with a webview's own document. A string is its `<title>`; a pattern is searched in its text. A webview has
 * two frames: the outer one belongs to VS Code, the inner one to the extension. While the extension replaces its HTML,
 * a second inner frame is pending beside the active one. It then becomes active, and the old frame disappears. So
 * request the frame again after a replacement.
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
    // The name stays "pending-frame" forever. Only the id of the element identifies the active frame.
    return (await (await frame.frameElement()).getAttribute('id')) === 'active-frame';
  } catch {
    // The frame disappeared during the check.
    return false;
  }
}

/** In the page: the value under the key of VS Code's stored editors, in the database of each workspace. */
const readStoredEditors = `(async () => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const found = [];
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('vscode-web-state-db-')) continue;
    const database = await done(indexedDB.open(name));
    const table = database.transaction('ItemTable').objectStore('ItemTable');
    found.push(await done(table.get('memento/workbench.parts.editor')));
    database.close();
  }
  return found.filter((text) => text !== undefined);
})()`;

/** A group of editors, or the groups of a row or column. */
interface StoredGrid {
  readonly data:
    | readonly StoredGrid[]
    | { readonly editors?: readonly { readonly value: string }[]; readonly mru?: readonly number[] };
}

function frontTabs({ data }: StoredGrid): readonly string[] {
  if (Array.isArray(data)) return data.flatMap(frontTabs);
  const { editors, mru } = data as Exclude<StoredGrid['data'], readonly StoredGrid[]>;
  return [editors?.[mru?.[0] ?? 0]?.value ?? ''];
}

/**
 * Waits until a reload of the window would restore these tabs. VS Code in a browser stores every few seconds which editors are open. `isMeant` gets the
 * text that is stored for the tab in front of each group: a file with its path, a webview with its state.
 */
export async function storedTabs(page: Page, isMeant: (front: readonly string[]) => boolean): Promise<void> {
  await until('the tabs to be stored', async () =>
    (await page.evaluate<readonly string[]>(readStoredEditors)).some((text) => {
      const { 'editorpart.state': state } = JSON.parse(text) as {
        readonly 'editorpart.state': { readonly serializedGrid: { readonly root: StoredGrid } };
      };
      return isMeant(frontTabs(state.serializedGrid.root));
    }),
  );
}

/** Saves a screenshot of the window under .artifacts/ and returns its path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const path = artifact('screenshots', `${name}.png`);
  await page.screenshot({ path });
  return path;
}

function focusedEditor(page: Page): Locator {
  return page.locator('.editor-instance .monaco-editor.focused').first();
}

/** How long the palette may take to react to a key before the key is pressed again. Our assumption. */
const KEY_MS = 500;

/**
 * Types into the palette and accepts the first row that `pick` selects; without `pick`, presses Enter. F1 opens the
 * palette with ">". The first characters of the text decide what it lists (none: files).
 */
async function quickInput(page: Page, text: string, pick: ((row: Locator) => Locator) | undefined): Promise<void> {
  const widget = page.locator('.quick-input-widget');
  const input = widget.locator('.quick-input-box input');
  await until('the palette to take the text', async () => {
    // The first keys are lost if the workbench does not listen yet.
    if (!(await input.isVisible())) await page.keyboard.press('F1');
    // A late change of focus (a tab that was just clicked) closes the palette again: then it is opened once more.
    await input.fill(text, { timeout: 1000 });
    return true;
  });
  // The palette closes, or the command shows another input in the same place.
  const taken = async (): Promise<boolean> => !(await widget.isVisible()) || (await input.inputValue()) !== text;
  if (pick === undefined) {
    // The palette may drop a key while its extension loads. The key goes to the input only, never to the editor below it.
    await until('the palette to close', async () => {
      if (await taken()) return true;
      await input.press('Enter', { timeout: 1000 });
      await sleep(KEY_MS);
      return taken();
    });
    return;
  }
  // Rows arrive late (commands while extensions load, files during the search of the folder) and are drawn again during
  // a click. So a click that seems to have failed may have worked.
  await until(`the palette to offer "${text}"`, async () => {
    const row = pick(widget.locator('.monaco-list-row')).first();
    await row.click({ timeout: 1000 }).catch(() => undefined);
    return taken();
  });
}
