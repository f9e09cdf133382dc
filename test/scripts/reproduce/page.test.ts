import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { committedRecord, differences, written } from '../../../scripts/reproduce/produce.ts';
import { loadSubjects, schemes } from '../../../scripts/reproduce/subjects.ts';
import { answer } from '../../../scripts/reproduce/tasks.ts';
import { traffics } from '../../../scripts/reproduce/traffic.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const record = committedRecord(root);

it('docs/reproduction.md and its plots are made from docs/reproduction.json', async () => {
  const files = await written(root, record);
  const read = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined);
  expect(differences(files, read)).toEqual([]);
});

// The whole experiment takes a quarter of an hour. A change of the model or of the scheduler changes this part, too.
it('a new run of Gnmt under Poisson traffic gives the recorded results', { timeout: 900_000 }, async () => {
  const recorded = record.answers.find(({ serving }) => serving.subject === 'Gnmt' && serving.traffic === 'poisson');
  const again = await answer(root, { subject: 'Gnmt', traffic: 'poisson', effort: record.effort });
  expect(JSON.parse(JSON.stringify(again))).toEqual(recorded);
});

describe('the recorded loads', () => {
  it('exist for each network, chip and kind of traffic', async () => {
    const subjects = await loadSubjects(root);
    expect(record.loads).toHaveLength(subjects.length * traffics.length * schemes.length);
  });

  it.each(record.loads.map((row) => ({ ...row })))(
    'of $network on $chip with $scheduler under $traffic traffic are below saturation',
    ({ metRps, violatedRps, saturationRps }) => {
      expect(metRps ?? 0).toBeLessThan(saturationRps);
      expect(violatedRps ?? Number.POSITIVE_INFINITY).toBeGreaterThan(metRps ?? 0);
    },
  );

  it('are intervals of at most 5 % under Poisson traffic', () => {
    const wide = record.loads.filter(
      ({ traffic, metRps, violatedRps }) =>
        traffic === 'poisson' && !((violatedRps ?? Number.POSITIVE_INFINITY) <= 1.05 * (metRps ?? 0)),
    );
    expect(wide).toEqual([]);
  });
});
