import type { BurstPolicy, Origin, Scheduler } from '../../design/index.ts';
import { bug } from './bug.ts';
import type { Settings } from './settings.ts';

export function buildScheduler(name: string, origin: Origin, settings: Settings): Scheduler {
  const burst = settings.value('burst');
  return {
    name,
    origin,
    order: settings.word('order'),
    burst: burst?.kind === 'form' ? buildBurst(burst.form, burst.settings) : { kind: 'never' },
    switchAt: settings.word('switch at'),
    preemption: settings.word('preemption'),
  };
}

export function buildBurst(form: string, settings: Settings): BurstPolicy {
  switch (form) {
    case 'never':
    case 'always':
    case 'oracle':
      return { kind: form };
    case 'queue':
      return { kind: 'queue', threshold: settings.optionalNumber('threshold') ?? 1 };
    case 'slack':
      return { kind: 'slack', guardFraction: settings.number('guard'), holdSeconds: settings.number('hold') };
    default:
      return bug(`no burst policy '${form}'`);
  }
}
