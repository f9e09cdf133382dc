import { attentionGrid, type GridPoint, type MeasuredOperators, type TablePoint } from '../../simulator/index.ts';
import type { Problems } from './problems.ts';
import { readTable, type TableRow } from './tables.ts';
import { yamlScalar } from './yaml-path.ts';

/** Texts of the profile of one card. `meta` is optional. */
export interface ProfileTexts {
  readonly dense: string;
  readonly perSequence: string;
  readonly attention: string;
  readonly meta: string | undefined;
}

/** Operators that run once in a step. All others run once in each layer, and `layernorm` twice. */
const onceInStep = new Set(['embedding', 'final_layernorm', 'lm_head', 'sampler']);
const twiceInLayer = new Set(['layernorm']);
/** Without one of them, the sum of a step is not its time. */
const neededByTokens = ['embedding', 'final_layernorm', 'layernorm', 'qkv_proj', 'o_proj', 'down_proj'];
const neededBySequences = ['lm_head'];
/** Operators of decoders whose number in a step is known. */
const knownOperators = new Set([
  ...neededByTokens,
  ...neededBySequences,
  'sampler',
  'rotary_emb',
  'gate_up_proj',
  'act_fn',
  'qk_norm',
]);

export interface Profile {
  readonly operators: MeasuredOperators;
  readonly notes: readonly string[];
}

/** Composes the operators of a step from the profile of one layer. */
export function readProfile(
  texts: ProfileTexts,
  layers: number,
  tensorParallel: number,
  problems: Problems,
): Profile | undefined {
  const before = problems.list.length;
  const notes: string[] = [];
  const byTokens = tables('profile-dense.csv', texts.dense, 'tokens', neededByTokens, layers, notes, problems);
  const bySequences = tables(
    'profile-per_sequence.csv',
    texts.perSequence,
    'sequences',
    neededBySequences,
    layers,
    notes,
    problems,
  );
  const columns = ['prefill_chunk', 'kv_prefill', 'n_decode', 'kv_decode', 'time_us'];
  const rows = readTable('profile-attention.csv', texts.attention, null, columns, problems);
  const points = rows.map(({ numbers: [chunk = 0, cached = 0, decodes = 0, context = 0, value = 0] }): GridPoint => {
    return { at: [chunk, cached, decodes, context], value };
  });
  if (!points.some(({ at }) => at[0] === 0 && at[2] > 0)) {
    problems.add(
      'profile-attention.csv',
      0,
      "no row has 'prefill_chunk' 0 and decoding sequences. Their attention is unknown.",
    );
  }
  if (!points.some(({ at }) => at[0] > 0 && at[2] === 0)) {
    problems.add(
      'profile-attention.csv',
      0,
      "no row has 'n_decode' 0 and a prefill chunk. The attention of a prompt is unknown.",
    );
  }
  const skew = skewOf(texts.meta ?? '', tensorParallel);
  if (!(skew >= 0))
    problems.add('profile-meta.yaml', 0, `'alpha_default' is ${skew}. Expected a number, 0 or greater.`);
  if (problems.list.length > before) return undefined;
  return { operators: { byTokens, bySequences, attention: attentionGrid(points), layers, skew }, notes };
}

/** One table for each operator, multiplied by its number in a step. */
function tables(
  file: string,
  text: string,
  axis: string,
  needed: readonly string[],
  layers: number,
  notes: string[],
  problems: Problems,
): readonly (readonly TablePoint[])[] {
  const before = problems.list.length;
  const rows = readTable(file, text, 'layer', [axis, 'time_us'], problems);
  const byName = new Map<string, TableRow[]>();
  for (const row of rows) byName.set(row.name, [...(byName.get(row.name) ?? []), row]);
  // A damaged row is reported, so its operator is not reported as missing.
  if (problems.list.length === before) {
    for (const name of needed.filter((one) => !byName.has(one))) {
      problems.add(file, 0, `the operator '${name}' has no row. The sum of a step would be too short.`);
    }
  }
  return [...byName].map(([name, ofOperator]) => {
    if (!knownOperators.has(name))
      notes.push(`the operator '${name}' in ${file} is unknown. It is counted once in each layer.`);
    const times = onceInStep.has(name) ? 1 : twiceInLayer.has(name) ? 2 * layers : layers;
    return averaged(ofOperator).map(({ at, value }) => ({ at, value: value * times }));
  });
}

/** Points in ascending order. Repeated measurements of one point count as their mean. */
function averaged(rows: readonly TableRow[]): readonly TablePoint[] {
  const values = new Map<number, number[]>();
  for (const {
    numbers: [at = 0, value = 0],
  } of rows)
    values.set(at, [...(values.get(at) ?? []), value]);
  return [...values]
    .sort(([a], [b]) => a - b)
    .map(([at, all]) => ({ at, value: all.reduce((sum, one) => sum + one, 0) / all.length }));
}

/** The skew for unequal contexts of a card. Without one: 0. */
function skewOf(yaml: string, tensorParallel: number): number {
  const stated = yamlScalar(yaml, ['skew_fit', 'per_tp', String(tensorParallel), 'alpha_default']);
  return stated === undefined || stated === 'null' || stated === '~' ? 0 : Number(stated);
}
