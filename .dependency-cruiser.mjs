/**
 * The layers of ARCHITECTURE.md as a test: arrows point one way.
 *   design <- language, simulator, formats <- engine <- server, cli <- (protocol) -> client, webview
 * A room may import itself and the rooms listed for it, and nothing else. `test/scripts/layers.test.ts` checks that the map in
 * ARCHITECTURE.md has the same lists, and that the code uses each entry.
 */
export const mayImport = {
  design: [],
  language: ['design'],
  simulator: ['design'],
  formats: ['design'],
  protocol: ['design'],
  engine: ['design', 'language', 'simulator', 'formats'],
  // The disk of Node, for the programs that run on Node.
  host: ['design', 'engine'],
  server: ['design', 'language', 'simulator', 'formats', 'protocol', 'engine', 'host'],
  cli: ['design', 'language', 'simulator', 'formats', 'protocol', 'engine', 'host'],
  // `host` because the panel's exports are written as every other file.
  client: ['protocol', 'host'],
  webview: ['protocol'],
  // The page without VS Code. It speaks to the server as an editor does.
  playground: ['protocol'],
  // `cli` because the fuzzer draws diagnostics as the command line does. `cli` and `server` because scripts/programs.ts is the entry of the bundle
  // that contains both programs.
  scripts: ['design', 'language', 'simulator', 'formats', 'protocol', 'engine', 'host', 'cli', 'server'],
};
/** The same inside simulator/serving; its own files (input, exact-math, ...) are open to all of its folders. */
const servingMayImport = {
  traffic: [],
  record: [],
  state: ['traffic', 'record'],
  policy: ['state', 'record'],
  loop: ['policy', 'state', 'record', 'traffic'],
  judge: ['state', 'record', 'traffic'],
  result: ['judge', 'state', 'record', 'traffic'],
  tokens: ['result', 'judge', 'record', 'traffic'],
};
/** The same inside webview; panel.ts beside the folders is the bundle's entry, and no folder imports it. */
const webviewMayImport = {
  elements: ['model'],
  model: [],
  text: ['model'],
  plots: ['text', 'model', 'elements'],
  sections: ['plots', 'text', 'model', 'elements'],
  sweep: ['plots', 'text', 'model', 'elements'],
  export: ['plots', 'text', 'model', 'elements'],
  page: ['sections', 'sweep', 'export', 'plots', 'text', 'model', 'elements'],
};
const pure = '^(design|language|simulator|formats|protocol|engine)/';
const rooms = Object.keys(mayImport).join('|');

const layerRules = Object.entries(mayImport).map(([room, allowed]) => ({
  name: `layer-${room}`,
  comment: `${room}/ may import only: ${[room, ...allowed].join(', ')}`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: { path: `^(${rooms}|test|bench)/`, pathNot: `^(${[room, ...allowed].join('|')})/` },
}));

const servingRules = Object.entries(servingMayImport).map(([folder, allowed]) => ({
  name: `serving-${folder}`,
  comment: `simulator/serving/${folder}/ may import only these of its neighbours: ${[folder, ...allowed].join(', ')}`,
  severity: 'error',
  from: { path: `^simulator/serving/${folder}/` },
  to: { path: '^simulator/serving/[^/]+/', pathNot: `^simulator/serving/(${[folder, ...allowed].join('|')})/` },
}));

/** simulator/sequences knows no other part of the simulator, and the others know only its face. */
const sequencesRules = [
  {
    name: 'sequences-alone',
    comment: 'simulator/sequences/ may import only itself and design/',
    severity: 'error',
    from: { path: '^simulator/sequences/' },
    to: { path: '^simulator/', pathNot: '^simulator/sequences/' },
  },
  {
    name: 'sequences-face',
    comment: 'simulator/sequences/ is entered through its index.ts',
    severity: 'error',
    from: { path: '^simulator/', pathNot: '^simulator/sequences/' },
    to: { path: '^simulator/sequences/', pathNot: '^simulator/sequences/index\\.ts$' },
  },
];

const webviewRules = Object.entries(webviewMayImport).map(([folder, allowed]) => ({
  name: `webview-${folder}`,
  comment: `webview/${folder}/ may import only these of its neighbours: ${[folder, ...allowed].join(', ')}`,
  severity: 'error',
  from: { path: `^webview/${folder}/` },
  to: { path: '^webview/', pathNot: `^webview/(${[folder, ...allowed].join('|')})/` },
}));

export default {
  forbidden: [
    ...layerRules,
    ...servingRules,
    ...sequencesRules,
    ...webviewRules,
    {
      name: 'pure-rooms-touch-nothing',
      comment: 'The engine runs unchanged in Node, a browser and a worker: no platform modules and no packages.',
      severity: 'error',
      from: { path: pure },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'only-server-knows-lsp',
      comment: 'The fuzzer is a client of the server, so it speaks LSP too.',
      severity: 'error',
      from: { pathNot: '^(server|client|scripts/fuzz|test|bench)/' },
      to: { path: 'node_modules/(vscode-languageserver|vscode-jsonrpc)' },
    },
    {
      name: 'only-client-knows-vscode',
      severity: 'error',
      from: { pathNot: '^(client|test)/' },
      to: { path: '(^vscode$|node_modules/(vscode-languageclient|@types/vscode))' },
    },
    {
      name: 'only-webview-knows-chartjs',
      severity: 'error',
      from: { pathNot: '^webview/' },
      to: { path: 'node_modules/chart.js' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'public-faces',
      comment: 'Other rooms import only the index.ts of a room, so the room is free to change what it does not export.',
      severity: 'error',
      from: { path: `^(${rooms})/` },
      to: {
        path: '^(design|language|simulator|formats|engine|protocol|host)/',
        pathNot: ['^[^/]+/index\\.ts$', '^$1/'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.node.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node'],
    },
  },
};
