import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Problem, problemText } from './problems.ts';
import { readRecording, recordingFiles } from './recording.ts';
import { replay } from './replay.ts';
import { replayText } from './text.ts';

const usage = `npm run replay-engine -- FOLDER                 compares a recorded engine with our loop
npm run replay-engine -- FOLDER --format json
  --layers N    the number of layers, if the model is not known
  --blocks N    the number of KV blocks, with the null block`;

function main(): number {
  let values: { format?: string | undefined; layers?: string | undefined; blocks?: string | undefined };
  let folders: readonly string[];
  try {
    ({ values, positionals: folders } = parseArgs({
      options: { format: { type: 'string' }, layers: { type: 'string' }, blocks: { type: 'string' } },
      allowPositionals: true,
    }));
  } catch (error) {
    return misused(error instanceof Error ? error.message : String(error));
  }
  const { format = 'text' } = values;
  const [folder] = folders;
  if (folder === undefined || folders.length > 1) return misused(`expected one folder, not ${folders.length}`);
  if (format !== 'text' && format !== 'json') return misused(`--format needs 'text' or 'json', not '${format}'`);
  for (const name of ['layers', 'blocks'] as const) {
    if (values[name] !== undefined && !/^[1-9]\d{0,9}$/u.test(values[name])) {
      return misused(`--${name} needs a whole number, 1 or greater, not '${values[name]}'`);
    }
  }
  const stated = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  // npm starts scripts in the folder of package.json. INIT_CWD is the folder of the user.
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), folder);
  const { texts, problems } = readFiles(path);
  const reading =
    problems.length > 0
      ? { value: undefined, problems }
      : readRecording(texts, { layers: stated(values.layers), blocks: stated(values.blocks) });
  if (reading.value === undefined) {
    for (const problem of reading.problems) console.error(problemText({ ...problem, file: join(path, problem.file) }));
    if (format === 'json') console.log(JSON.stringify({ errors: reading.problems }, null, 2));
    return 1;
  }
  const result = replay(reading.value);
  console.log(format === 'json' ? JSON.stringify(result, null, 2) : replayText(result));
  return 0;
}

function misused(message: string): number {
  console.error(`${message}\n\n${usage}`);
  return 2;
}

/** The texts of the files that exist. A file that exists and cannot be read is a problem. */
function readFiles(folder: string): { texts: ReadonlyMap<string, string>; problems: readonly Problem[] } {
  const texts = new Map<string, string>();
  const problems: Problem[] = [];
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return {
      texts,
      problems: [{ file: '', line: 0, message: 'is not a folder. Name a folder with requests.jsonl and meta.json.' }],
    };
  }
  for (const name of recordingFiles) {
    try {
      texts.set(name, readFileSync(join(folder, name), 'utf8'));
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!isMissing)
        problems.push({ file: name, line: 0, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return { texts, problems };
}

process.exitCode = main();
