import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { installDebianPackages } from './debian.ts';
import { findOnPath, isFile } from './processes.ts';

const FLAGS = [
  // Tests run as root in containers, where Chromium's sandbox cannot start. The pages are our own.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // The default 64 MB of /dev/shm in containers crashes pages as large as the workbench.
  '--disable-dev-shm-usage',
] as const;

/** Starts Chromium without a window, and installs it first where that is possible. The caller closes it. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: await requireChromium(), args: [...FLAGS] });
}

/** Debian's Chromium without the parts that only a window needs: a quarter less processor time in tests of the panel. VS Code runs in it as well. */
const SHELL = 'chromium-headless-shell';

/** The path of an installed Chromium or Chrome, or undefined. */
export function findChromium(): string | undefined {
  const chosen = process.env.STIMPACK_CHROMIUM;
  if (chosen !== undefined && chosen !== '') {
    if (!isFile(chosen)) throw new Error(`STIMPACK_CHROMIUM names ${chosen}, which is not a file.`);
    return chosen;
  }
  const onPath = findOnPath(SHELL, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');
  return onPath ?? WELL_KNOWN.find(isFile);
}

const WELL_KNOWN = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
] as const;

/**
 * The path of Chromium, which is installed from Debian's packages if it is missing. If that is impossible, throws an
 * error that states what to do.
 */
export async function requireChromium(): Promise<string> {
  const found = findChromium();
  if (found !== undefined) return found;
  // Without a font the workbench shows no letters. A bare Debian has none, and Chromium only recommends them.
  const problem = await installDebianPackages(
    [SHELL, 'fonts-liberation', 'fonts-dejavu-core'],
    'the browser for tests',
  );
  const path = findChromium();
  if (path !== undefined) return path;
  throw new Error(
    `No Chromium or Chrome was found, and it could not be installed. ${problem ?? ''}\n` +
      'Or set STIMPACK_CHROMIUM to the path of one.',
  );
}
