import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { installed } from './cache.ts';
import { installDebianPackages } from './debian.ts';
import { findOnPath, isFile, killGroup, lastLines, removeFolder, run, tryRun, undoAtExit } from './processes.ts';

/*
 * Real VS Code from the npm registry: code-server contains the whole of VS Code's server and its web workbench. We
 * start that server directly instead of code-server. Only VS Code's own command line has the options with which a page
 * loads an extension under development and runs a test suite in its extension host.
 */

const CODE_SERVER = '4.139.1';
const VSCODE = '1.139.1';
/** code-server requires this major version of Node, and its native modules are compiled for it. */
const NODE = '24';

export type Settings = Readonly<Record<string, unknown>>;

export interface VsCodeOptions {
  /** Default: a free port. */
  readonly port?: number;
  /** The user's data: settings, state, logs. Default: a temporary folder, which `stop` removes. */
  readonly dataDir?: string;
  /** The folder of installed extensions. Default: a folder inside the data folder, so none is installed. */
  readonly extensionsDir?: string;
  /** Environment variables for the server and its extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** Added to `quietSettings`. A data folder that has settings already keeps them. */
  readonly settings?: Settings;
}

export interface VsCode {
  readonly port: number;
  readonly dataDir: string;
  /**
   * The page that opens a folder or a .code-workspace file (absolute path). The workbench receives the payload: pairs
   * such as ["extensionDevelopmentPath", remoteUri(path)].
   */
  url(folder: string, payload?: Payload): string;
  /** The URI by which the workbench in the browser names a path of this machine. */
  remoteUri(path: string): string;
  /** The output of the server so far. */
  log(): string;
  stop(): Promise<void>;
}

export type Payload = readonly (readonly [string, string])[];

/** Settings that stop VS Code from covering the view under test, or from acting without a command of the user. */
export const quietSettings: Settings = {
  // Otherwise, a chat side bar opens, and set-up prompts of the vendor's AI features cover the editor.
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  // The desktop's default. The default in the browser is afterDelay, which saves by itself, so a simulation on save
  // would run by itself.
  'files.autoSave': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  // Without the AI features, this side bar is empty and takes a quarter of the window.
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
};

/**
 * Starts VS Code, installed first if necessary, and waits until it answers. It ends with `stop` or with this process.
 */
export async function startVsCode(options: VsCodeOptions = {}): Promise<VsCode> {
  const tool = await vsCodeFolder();
  const ownDataDir = options.dataDir === undefined;
  const dataDir = resolve(options.dataDir ?? mkdtempSync(join(tmpdir(), 'stimpack-vscode-')));
  const undoDataDir = undoAtExit(() => {
    if (ownDataDir) removeFolder(dataDir);
  });
  writeSettings(dataDir, options.settings ?? {});

  const args = [
    // The server ends when our end of its standard input closes, so even a killed parent leaves no process behind.
    '--import',
    'data:text/javascript,process.stdin.resume().on("end",()=>process.exit())',
    'out/server-main.js',
    '--host',
    '127.0.0.1',
    // With 0, the system chooses a free port and binds it in one step, so no other process can take it in between.
    '--port',
    String(options.port ?? 0),
    '--without-connection-token',
    '--accept-server-license-terms',
    // Makes the server use the payload of the URL, which names the extension under development and the suite.
    '--enable-smoke-test-driver',
    // Otherwise, a dialog opens with the question whether the folder is trusted, and extensions run in restricted mode until then.
    '--disable-workspace-trust',
    '--server-data-dir',
    dataDir,
  ];
  if (options.extensionsDir !== undefined) args.push('--extensions-dir', resolve(options.extensionsDir));

  let log = '';
  const child = spawn(tool.node, args, {
    cwd: tool.server,
    env: { ...serverEnvironment(tool), ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A separate process group, so that extension hosts and terminals end with it and Ctrl+C reaches this process
    // first.
    detached: process.platform !== 'win32',
  });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const undoChild = undoAtExit(() => {
    if (child.pid !== undefined) killGroup(child.pid);
  });
  const stop = async (): Promise<void> => {
    undoChild();
    await ended;
    undoDataDir();
  };

  const port = await new Promise<number>((found, failed) => {
    const timer = setTimeout(() => failed(new Error('VS Code did not start within 3 minutes')), 180_000);
    const collect = (chunk: Buffer): void => {
      log += chunk.toString();
      const match = /Extension host agent listening on (\d+)/.exec(log);
      if (match !== null) {
        clearTimeout(timer);
        found(Number(match[1]));
      }
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', failed);
    child.once('close', (code) => {
      clearTimeout(timer);
      failed(new Error(`VS Code's server ended with code ${code}`));
    });
  }).catch(async (error: Error) => {
    await stop();
    throw new Error(`${error.message}. Its log ends with:\n${lastLines(log, 40)}`);
  });

  const authority = `localhost:${port}`;
  return {
    port,
    dataDir,
    url: (folder, payload = []) => {
      const kind = folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
      const query = new URLSearchParams({ [kind]: resolve(folder) });
      if (payload.length > 0) query.set('payload', JSON.stringify(payload));
      return `http://${authority}/?${query}`;
    },
    remoteUri: (path) => `vscode-remote://${authority}${encodeURI(resolve(path))}`,
    log: () => log,
    stop,
  };
}

/** Installs a packaged extension into a folder for `extensionsDir`, as a user's `code --install-extension` would. */
export async function installExtension(vsix: string, extensionsDir: string): Promise<void> {
  const tool = await vsCodeFolder();
  const dataDir = mkdtempSync(join(tmpdir(), 'stimpack-install-'));
  const undo = undoAtExit(() => removeFolder(dataDir));
  try {
    await run(
      tool.node,
      [
        'out/server-main.js',
        '--accept-server-license-terms',
        '--server-data-dir',
        dataDir,
        '--extensions-dir',
        resolve(extensionsDir),
        '--install-extension',
        resolve(vsix),
        '--force',
      ],
      { cwd: tool.server, env: serverEnvironment(tool) },
    );
  } finally {
    undo();
  }
}

export interface VsCodeTool {
  /** The Node binary that runs the server. */
  readonly node: string;
  /** The folder of VS Code's server. */
  readonly server: string;
}

/** The installed server, which contains the workbench for browsers. Installs it first if it is missing. */
export async function vsCodeFolder(): Promise<VsCodeTool> {
  const folder = await installed({
    name: `vscode-${VSCODE}-${process.platform}-${process.arch}`,
    versions: { 'VS Code': VSCODE, 'code-server': CODE_SERVER, Node: NODE },
    install,
  });
  return toolIn(folder);
}

function toolIn(folder: string): VsCodeTool {
  const modules = join(folder, 'node_modules');
  return { node: join(modules, nodePackage(), nodeInPackage()), server: join(modules, 'code-server', 'lib', 'vscode') };
}

/**
 * The package `node` is a script that installs the package of the platform. Naming that package directly needs no
 * install script, which the settings of npm may forbid.
 */
function nodePackage(): string {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${platform}-${process.arch}`;
}

function nodeInPackage(): string {
  return process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
}

async function install(folder: string): Promise<void> {
  const npm = findOnPath('npm') ?? 'npm';
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  // --ignore-scripts: the script of code-server does not run under the present Node. Its steps follow.
  const packages = [`code-server@${CODE_SERVER}`, `${nodePackage()}@${NODE}`];
  await run(npm, ['install', '--ignore-scripts', ...quiet, ...packages], { cwd: folder });

  const tool = toolIn(folder);
  const env = npmEnvironment(tool, folder);
  for (const part of [tool.server, join(tool.server, 'extensions')]) {
    await run(npm, ['install', '--omit=dev', '--ignore-scripts', ...quiet], { cwd: part, env });
  }
  await compileNativeModules(npm, tool, env);
}

/**
 * Native modules for log files (including each extension's output channel), for the terminal, and for the guard that
 * ends extension hosts whose server died. VS Code works without them, so a machine without a compiler only gets a
 * warning.
 */
async function compileNativeModules(npm: string, tool: VsCodeTool, env: NodeJS.ProcessEnv): Promise<void> {
  const compiler = [
    { program: 'python3', package: 'python3' },
    { program: 'make', package: 'make' },
    { program: 'g++', package: 'g++' },
  ];
  const missing = compiler.filter((tool) => findOnPath(tool.program) === undefined).map((tool) => tool.package);
  if (process.platform === 'linux' && missing.length > 0) {
    const problem = await installDebianPackages(missing, "to compile VS Code's log and terminal modules");
    if (problem !== undefined) console.warn(`${problem}\nGoing on without: VS Code will have no log files.`);
  }
  const { output } = await tryRun(
    npm,
    ['rebuild', '--ignore-scripts=false', '@vscode/spdlog', 'node-pty', '@vscode/native-watchdog'],
    { cwd: tool.server, env },
  );
  if (!isFile(join(tool.server, 'node_modules/@vscode/spdlog/build/Release/spdlog.node'))) {
    console.warn(`VS Code's log module could not be compiled: no log files.\n${lastLines(output, 15)}`);
  }
}

function npmEnvironment(tool: VsCodeTool, folder: string): NodeJS.ProcessEnv {
  return {
    ...serverEnvironment(tool),
    // The headers of exactly this Node. Otherwise, the compiler downloads them or takes those of the Node that runs
    // this script.
    npm_config_nodedir: join(folder, 'node_modules', nodePackage()),
    JOBS: 'max',
  };
}

function serverEnvironment(tool: VsCodeTool): NodeJS.ProcessEnv {
  const env = {
    ...process.env,
    // No marketplace: each of its requests that fails would show an error to the user.
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    PATH: `${join(tool.node, '..')}${delimiter}${process.env.PATH ?? ''}`,
  };
  // Variables of a VS Code terminal or a test runner would change the behaviour of the server and its extension host.
  for (const name of Object.keys(env)) {
    if (name.startsWith('VSCODE_') || name.startsWith('VITEST') || name === 'NODE_OPTIONS' || name === 'NODE_ENV') {
      Reflect.deleteProperty(env, name);
    }
  }
  return env;
}

function writeSettings(dataDir: string, settings: Settings): void {
  const file = join(dataDir, 'data', 'User', 'settings.json');
  if (existsSync(file)) return;
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...quietSettings, ...settings }, null, 2)}\n`);
}
