import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const text = readFileSync('CONTRIBUTING.md', 'utf8');

/** The how-tos: the part after "How to add ..." by its headings. */
const howTos = (text.split('\n## How to add')[1]?.split('\n## ')[0] ?? '')
  .split('\n### ')
  .slice(1)
  .map((part) => ({ title: part.split('\n')[0] ?? '', part }));

/** Folders and files between backticks. A path with a placeholder in capitals, such as `NAME.npu`, is that of a new file. */
const pathsIn = (part: string): readonly string[] =>
  [...part.matchAll(/`([a-z][\w./-]*(?:\/|\.(?:ts|npu|md|json)))`/gu)]
    .map(([, path = '']) => path)
    .filter((path) => !/[A-Z]{4}/u.test(path));

describe('CONTRIBUTING.md', () => {
  it('has the seven how-tos', () => expect(howTos.length).toBe(7));

  it.each(howTos)('... $title has at most five steps', ({ part }) => {
    const steps = part.match(/^\d+\. /gmu)?.length ?? 0;
    expect(steps).toBeGreaterThan(1);
    expect(steps).toBeLessThanOrEqual(5);
  });

  it.each(howTos)('... $title names files that exist', ({ part }) => {
    const paths = pathsIn(part);
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });
});
