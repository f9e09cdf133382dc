import type { AssumedOperator, ModelInput, ModelStatements, Origin, Shape } from '../../design/index.ts';
import { layerMessages } from '../messages/index.ts';
import type { Reporter } from './reporter.ts';
import type { Settings } from './settings.ts';

/** The inputs that the block of a network declares. */
export interface DeclaredInputs {
  readonly first: Shape;
  /** Whether the network has `input: tokens`. */
  readonly isOpen: boolean;
  readonly firstOrigin: Origin;
  /** All inputs in order, if the block has several. Layers refer to them by label. */
  readonly named: readonly (ModelInput & { readonly origin: Origin })[];
}

/** The statements next to `from`: shapes that the file leaves open, and operators whose meaning the user states. */
export function statementsOf(settings: Settings): ModelStatements {
  const shape = settings.shape('input');
  const first = shape === undefined ? [] : [{ name: undefined, shape, origin: settings.origin('input') }];
  return {
    inputs: [...first, ...entriesOf(settings.block('inputs'))],
    assumptions: [...(settings.block('assume')?.values ?? [])].flatMap(([operator, { value, nameOrigin }]) =>
      // The reader has already compared the word with the schema, which lists exactly the words of AssumedOperator.
      value?.kind === 'word' ? [{ operator, countedAs: value.word as AssumedOperator, origin: nameOrigin }] : [],
    ),
  };
}

/** Reads `input` and `inputs`. If both exist, `input` comes first. undefined if both are missing or wrong. */
export function declaredInputs(settings: Settings): DeclaredInputs | undefined {
  const shape = settings.shape('input');
  const named = entriesOf(settings.block('inputs'));
  if (shape !== undefined) {
    const origin = settings.origin('input');
    const value = settings.values.get('input')?.value;
    return {
      isOpen: value?.kind === 'shape' && value.isOpen === true,
      first: shape,
      firstOrigin: origin,
      named: named.length === 0 ? [] : [{ name: 'input', shape, origin }, ...named],
    };
  }
  const [first] = named;
  return first === undefined ? undefined : { isOpen: false, first: first.shape, firstOrigin: first.origin, named };
}

/** Reports an `assume` block of a network that is not read from a file. */
export function reportIdleAssumptions(settings: Settings, reporter: Reporter): void {
  const assume = settings.block('assume');
  if (assume === undefined) return;
  reporter.report(assume.head, layerMessages.assumeWithoutFile());
}

function entriesOf(inputs: Settings | undefined): (ModelInput & { readonly origin: Origin })[] {
  return [...(inputs?.values ?? [])].flatMap(([name, { value, nameOrigin }]) =>
    value?.kind === 'shape' ? [{ name, shape: value.shape, origin: nameOrigin }] : [],
  );
}
