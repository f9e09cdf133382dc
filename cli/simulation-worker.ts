import { parentPort } from 'node:worker_threads';
import { assertNever, type Candidates } from '../design/index.ts';
import { loadProgram } from '../engine/index.ts';
import { createNodeSources, emptyLibrary, findLibraryDirectory, openLibrary } from '../host/index.ts';
import {
  ChipTables,
  capacity,
  type DetailOptions,
  exploreDesigns,
  KeptRuns,
  simulateScenario,
} from '../simulator/index.ts';
import { detailOptions } from './detail-options.ts';
import type { FromWorker, WorkerAnswers, WorkerTask } from './worker-messages.ts';

/**
 * The thread that simulates. The main thread stays free for signals and the progress line. It ends this thread to stop it, so nothing here
 * checks for cancellation.
 */
const port = parentPort;
if (port === null) throw new Error('the simulation worker runs as a worker thread only');

/** Simulations report progress far more often than a person can see it. */
const progressIntervalMilliseconds = 80;

const post = (message: FromWorker): void => port.postMessage(message);

let reportedAt = 0;
function onProgress(done: number): void {
  const now = performance.now();
  if (now - reportedAt < progressIntervalMilliseconds) return;
  reportedAt = now;
  post({ type: 'progress', done });
}

const directory = findLibraryDirectory(import.meta.filename);
const sources = createNodeSources(directory === undefined ? emptyLibrary : openLibrary(directory));
const opened = new Map<string, Promise<Opened>>();
const { keep } = new ChipTables();
const runs = new KeptRuns();

type ExploreTask = Extract<WorkerTask, { readonly type: 'explore' }>;

interface Opened {
  readonly candidates: Candidates;
  readonly details: DetailOptions;
}

/** A thread gets the same given texts with each task. */
function candidatesOf({ uri, exploration, given }: ExploreTask): Promise<Opened> {
  const key = `${uri}\n${exploration}`;
  const known = opened.get(key);
  if (known !== undefined) return known;
  const texts = new Map(given);
  const candidates = loadProgram(uri, sources, { text: (each) => texts.get(each) }).then((program) => {
    const found = program.candidates(exploration);
    if (found === undefined) throw new Error(`${uri} has no exploration '${exploration}' any more`);
    return { candidates: found, details: detailOptions(program.design, found.exploration) };
  });
  opened.set(key, candidates);
  return candidates;
}

async function answerTo(task: WorkerTask): Promise<WorkerAnswers[keyof WorkerAnswers]> {
  switch (task.type) {
    case 'run':
      return finished(simulateScenario(task.scenario, { onProgress }));
    case 'capacity':
      return finished(capacity(task.scenario, { onProgress }));
    case 'explore': {
      const { candidates, details } = await candidatesOf(task);
      const numbered = task.designs.map((design) => ({ design, candidate: candidates.design(design) }));
      const { goals, constraints = [] } = candidates.exploration;
      return finished(exploreDesigns(goals, numbered, { keep, runs, constraints, details, onProgress }));
    }
    default:
      return assertNever(task);
  }
}

function finished<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a simulation returned no result although nothing cancelled it');
  return value;
}

// A failure ends the thread with an error, which the main thread reports.
port.on('message', async (task: WorkerTask) => post({ type: 'done', value: await answerTo(task) }));
