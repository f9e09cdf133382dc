import { expect, test } from 'vitest';
import { lookOf } from '../../cli/terminal.ts';

const tty = { isTTY: true, columns: 120 };
const pipe = {};

test.each([
  ['a terminal', tty, {}, [true, true, 120]],
  ['a pipe', pipe, {}, [false, false, Number.POSITIVE_INFINITY]],
  ['NO_COLOR', tty, { NO_COLOR: '1' }, [false, true, 120]],
  ['an empty NO_COLOR does not count', tty, { NO_COLOR: '' }, [true, true, 120]],
  ['a dumb terminal', tty, { TERM: 'dumb' }, [false, true, 120]],
  ['FORCE_COLOR in a pipe', pipe, { FORCE_COLOR: '1' }, [true, false, Number.POSITIVE_INFINITY]],
  ['FORCE_COLOR=0', tty, { FORCE_COLOR: '0' }, [false, true, 120]],
  ['NO_COLOR has priority over FORCE_COLOR', tty, { NO_COLOR: '1', FORCE_COLOR: '1' }, [false, true, 120]],
  ['COLUMNS has priority over the terminal', tty, { COLUMNS: '60' }, [true, true, 60]],
  ['COLUMNS in a pipe', pipe, { COLUMNS: '60' }, [false, false, 60]],
  ['an invalid COLUMNS is ignored', tty, { COLUMNS: 'wide' }, [true, true, 120]],
  ['a terminal with width 0 has the default width', { isTTY: true, columns: 0 }, {}, [true, true, 80]],
  ['the smallest width is 40', { isTTY: true, columns: 7 }, {}, [true, true, 40]],
])('%s', (_, stream, environment, expected) => {
  const look = lookOf(stream, environment);
  expect([look.colour, look.plots, look.width]).toEqual(expected);
});
