import { withLock } from './cache.ts';
import { findOnPath, run, tryRun } from './processes.ts';

/**
 * Installs Debian packages. Returns undefined on success, else a sentence for the user that states why it failed. `why`
 * completes "Installing ...: ".
 */
export async function installDebianPackages(packages: readonly string[], why: string): Promise<string | undefined> {
  const byHand = `sudo apt-get install ${packages.join(' ')}`;
  if (findOnPath('apt-get') === undefined) return `There is no apt-get here. Install ${packages.join(' ')} (${why}).`;
  const prefix = await asRoot();
  if (prefix === undefined) return `This needs root, and sudo requires a password. Run: ${byHand} (${why}).`;
  console.log(`Installing Debian's ${packages.join(', ')} with apt-get: ${why}`);
  const aptGet = async (...args: readonly string[]): Promise<void> => {
    const [command = 'apt-get', ...rest] = [...prefix, 'apt-get', '-o', 'DPkg::Lock::Timeout=300', ...args];
    await run(command, rest, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  };
  try {
    // DPkg::Lock::Timeout waits for other users of dpkg, but not for those of the package lists. This lock protects the
    // package lists from another process of ours.
    await withLock('apt-get', async () => {
      const install = (): Promise<void> => aptGet('install', '-y', '-q', '--no-install-recommends', ...packages);
      // Package lists that are missing or too old fail within a second. So only the first installation on a machine updates them.
      await install().catch(async () => {
        await aptGet('update', '-q');
        await install();
      });
    });
    return undefined;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\nInstall by hand: ${byHand} (${why}).`;
  }
}

/** The prefix that runs a command as root; undefined if that needs a password. */
async function asRoot(): Promise<readonly string[] | undefined> {
  if (process.getuid?.() === 0) return [];
  if (findOnPath('sudo') === undefined) return undefined;
  const { code } = await tryRun('sudo', ['-n', 'true']);
  // sudo resets the environment, so DEBIAN_FRONTEND must be named.
  return code === 0 ? ['sudo', '-n', '--preserve-env=DEBIAN_FRONTEND'] : undefined;
}
