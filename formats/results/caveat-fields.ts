import { type Caveat, type CaveatEffect, caveatCodes, type Origin, searchCaveatCodes } from '../../design/index.ts';

/** A caveat as files and JSON documents contain it (docs/json.md). Its place in a text is that of the diagnostic with the same code. */
export interface CaveatFields {
  readonly code: string;
  readonly text: string;
  readonly effect: CaveatEffect['kind'];
  readonly missingRequests?: number;
  readonly serves: readonly string[] | null;
}

export function caveatFields({ code, text, effect, serves }: Caveat): CaveatFields {
  const fields = { code, text, effect: effect.kind, serves: serves ?? null };
  return effect.kind === 'more-requests' ? { ...fields, missingRequests: effect.count } : fields;
}

const nowhere: Origin = { uri: '', start: 0, end: 0 };

/** Reads the result of `caveatFields`. Undefined if the value is not a caveat. It never throws. */
export function readCaveat(value: unknown): Caveat | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { code: written, text, effect: kind, missingRequests, serves } = value as { readonly [key: string]: unknown };
  const code = [...caveatCodes, ...searchCaveatCodes].find((one) => one === written);
  const effect = effectOf(kind, missingRequests);
  if (code === undefined || effect === undefined || typeof text !== 'string') return undefined;
  const caveat = { code, text, effect, origin: nowhere };
  if (serves === null) return caveat;
  const isNames = Array.isArray(serves) && serves.every((name): name is string => typeof name === 'string');
  return isNames ? { ...caveat, serves } : undefined;
}

function effectOf(kind: unknown, count: unknown): CaveatEffect | undefined {
  if (kind === 'any' || kind === 'heavier' || kind === 'none') return { kind };
  return kind === 'more-requests' && typeof count === 'number' ? { kind, count } : undefined;
}
