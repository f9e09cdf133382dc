import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { artifact } from '../vscode/artifacts.ts';
import { faults } from './faults.ts';
import { type Choice, type FileScore, mutateRoom } from './mutate-room.ts';
import { recordRow } from './record.ts';
import { filesOf, type Room, rooms } from './rooms.ts';
import { tryFault } from './try-faults.ts';

/*
 * `npm run mutation -- ROOM [WORDS]` changes the code of a room in hundreds of places, one at a time, and counts how
 * often a test fails. With words, it tries only the files whose path contains one of them; with `--sample 10`, a tenth of
 * the lines, drawn from all files. `npm run mutation -- faults
 * [WORDS]` tries the faults of faults.ts whose name or file contains the words.
 * Both write their result into docs/mutation.md, which explains them.
 */

async function tryFaults(words: string): Promise<boolean> {
  const chosen = faults.filter(({ name, file }) => `${name} ${file}`.includes(words));
  let caught = 0;
  for (const { name, file, ...fault } of chosen) {
    const outcome = await tryFault({ name, file, ...fault });
    if (outcome.kind === 'caught') {
      caught++;
      console.log(`caught: ${name} (${file})\n    ${outcome.tests.slice(0, 3).join('\n    ')}`);
    } else
      console.log(`${outcome.kind}: ${name} (${file})${outcome.kind === 'impossible' ? `: ${outcome.reason}` : ''}`);
    recordRow('faults', [
      name,
      `\`${file}\``,
      outcome.kind === 'caught' ? `\`${outcome.tests[0] ?? ''}\`` : outcome.kind,
    ]);
  }
  console.log(`${caught} of ${chosen.length} faults are caught`);
  return caught === chosen.length;
}

function percent(scores: readonly FileScore[]): number {
  const sum = (of: (score: FileScore) => number) => scores.reduce((all, score) => all + of(score), 0);
  const counted = sum(({ counted }) => counted);
  return counted === 0 ? 0 : (100 * sum(({ caught }) => caught)) / counted;
}

async function tryRoom(room: Room, choice: Choice): Promise<boolean> {
  const scores = await mutateRoom(room, choice);
  if (scores === undefined) return false;
  for (const score of scores) {
    console.log(`${percent([score]).toFixed(0).padStart(4)} %  ${score.caught} of ${score.counted}  ${score.file}`);
  }
  const survivors = artifact('mutation', `${room.name}-survivors.txt`);
  writeFileSync(
    survivors,
    scores.flatMap(({ file, survivors }) => survivors.map((each) => `${file} ${each}\n`)).join(''),
  );
  const total = percent(scores);
  const counted = scores.reduce((all, score) => all + score.counted, 0);
  const floor = room.floor === undefined ? '' : `${room.floor} %`;
  const sample = choice.percentage < 100 ? `, ${choice.percentage} % of the lines` : '';
  const files = `${scores.length} of ${filesOf(room).length}${sample}`;
  recordRow('rooms', [`\`${room.name}\``, `\`${room.folder}/\``, files, `${counted}`, `${total.toFixed(1)} %`, floor]);
  console.log(`${room.name}: ${total.toFixed(1)} % of ${counted} mutants are caught; those that are not: ${survivors}`);
  return total >= (room.floor ?? 0);
}

const { positionals, values } = parseArgs({ allowPositionals: true, options: { sample: { type: 'string' } } });
const [what = '', ...words] = positionals;
const room = rooms.find(({ name }) => name === what);
const percentage = Number(values.sample ?? 100);
if ((room === undefined && what !== 'faults') || !(percentage > 0 && percentage <= 100)) {
  console.error(
    `usage: npm run mutation -- faults|${rooms.map(({ name }) => name).join('|')} [WORDS] [--sample PERCENT]`,
  );
  process.exit(2);
}
const passed = room === undefined ? await tryFaults(words.join(' ')) : await tryRoom(room, { words, percentage });
process.exit(passed ? 0 : 1);
