import { faults } from './faults.ts';
import { tryFault } from './try-faults.ts';

/* `npm run mutation -- faults [WORDS]`: tries the listed faults whose name contains the words. */

const [what, ...words] = process.argv.slice(2);
if (what !== 'faults') {
  console.error('usage: npm run mutation -- faults [WORDS]');
  process.exit(2);
}
const chosen = faults.filter(({ name, file }) => `${name} ${file}`.includes(words.join(' ')));
let uncaught = 0;
for (const fault of chosen) {
  const outcome = await tryFault(fault);
  if (outcome.kind !== 'caught') uncaught++;
  const text =
    outcome.kind === 'caught'
      ? outcome.tests.slice(0, 3).join('\n    ')
      : outcome.kind === 'impossible'
        ? outcome.reason
        : '';
  console.log(`${outcome.kind}: ${fault.name} (${fault.file})\n    ${text}`);
}
console.log(`${chosen.length - uncaught} of ${chosen.length} faults are caught`);
process.exit(uncaught > 0 ? 1 : 0);
