import type { AssumedOperator, ModelInput, ModelStatements, Origin, Shape } from '../../design/index.ts';
import { layerMessages } from '../messages/index.ts';
import type { Reporter } from './context.ts';
import type { Settings } from './settings.ts';

/** The inputs that a network's block declares. */
export interface DeclaredInputs {
  readonly first: Shape;
  readonly firstOrigin: Origin;
  /** All in their order, where the block names several; their labels are what layers call them. */
  readonly named: readonly (ModelInput & { readonly origin: Origin })[];
}

/** What the block says beside `from`: shapes that the file leaves open, and operators that the user takes responsibility for. */
export function statementsOf(settings: Settings): ModelStatements {
  const shape = settings.shape('input');
  const first = shape === undefined ? [] : [{ name: undefined, shape, origin: settings.origin('input') }];
  return {
    inputs: [...first, ...entriesOf(settings.block('inputs'))],
    assumptions: [...(settings.block('assume')?.values ?? [])].flatMap(([operator, { value, nameOrigin }]) =>
      // The schema lists the words of AssumedOperator, and the reader has compared.
      value?.kind === 'word' ? [{ operator, countedAs: value.word as AssumedOperator, origin: nameOrigin }] : [],
    ),
  };
}

/** `input`, `inputs`, or both: then `input` comes first. undefined where there is neither, or what there is was wrong. */
export function declaredInputs(settings: Settings): DeclaredInputs | undefined {
  const shape = settings.shape('input');
  const named = entriesOf(settings.block('inputs'));
  if (shape !== undefined) {
    const origin = settings.origin('input');
    return {
      first: shape,
      firstOrigin: origin,
      named: named.length === 0 ? [] : [{ name: 'input', shape, origin }, ...named],
    };
  }
  const [first] = named;
  return first === undefined ? undefined : { first: first.shape, firstOrigin: first.origin, named };
}

/** Reports an `assume` block where no file is read: there is nothing that it could be about. */
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
