import { assertNever, type Layer, type Message, type Origin } from '../../design/index.ts';
import { openModelMessages } from '../messages/index.ts';
import type { DeclaredInputs } from './model-inputs.ts';
import type { Reporter } from './reporter.ts';

/**
 * Checks the layers of a network with `input: tokens`, which are those of one token: only attention with a cache may connect tokens. In other
 * networks, checks that no layer needs tokens. Each place is reported once, however often its block is used.
 */
export function checkOpenModel(
  name: string,
  { isOpen, named, firstOrigin }: DeclaredInputs,
  layers: readonly Layer[],
  reporter: Reporter,
): void {
  if (isOpen && named.length > 0) reporter.report(firstOrigin, openModelMessages.furtherInputs({ name }));
  const reported = new Set<string>();
  const report = ({ uri, start, end }: Origin, message: Message): void => {
    const key = `${uri} ${start}`;
    if (reported.has(key)) return;
    reported.add(key);
    reporter.report({ uri, start, end }, message);
  };
  let head: Layer | undefined;
  for (const layer of layers) {
    const problem = isOpen ? problemInOpen(layer, head) : problemInClosed(layer, name);
    if (problem !== undefined) report(layer.origin, problem);
    if (isLastToken(layer)) head = layer;
  }
}

function isLastToken({ operation }: Layer): boolean {
  return operation.kind === 'reshape' && operation.lastToken === true;
}

function problemInClosed(layer: Layer, name: string): Message | undefined {
  if (layer.operation.kind === 'attention' && layer.operation.cache === true) {
    return openModelMessages.cacheInClosed({ name });
  }
  return isLastToken(layer) ? openModelMessages.lastTokenInClosed({ name }) : undefined;
}

/** `head`: the `last-token` layer before this layer, if there is one. */
function problemInOpen(layer: Layer, head: Layer | undefined): Message | undefined {
  const { operation, inputShapes, outputShape } = layer;
  switch (operation.kind) {
    case 'attention':
      if (operation.cache !== true) return openModelMessages.attentionWithoutCache();
      return head === undefined ? undefined : openModelMessages.attentionAfterLastToken();
    case 'reshape':
      if (operation.lastToken !== true) return undefined;
      return head === undefined ? undefined : openModelMessages.secondLastToken();
    case 'conv':
    case 'pool':
    case 'recurrent':
    case 'upsample':
      return openModelMessages.acrossTokens({ shape: (inputShapes[0] ?? outputShape).join(' x ') });
    case 'dense':
      return operation.sequential === true ? openModelMessages.sequentialInOpen() : undefined;
    case 'feed-forward':
    case 'matmul':
    case 'embedding':
    case 'normalization':
    case 'softmax':
    case 'activation':
    case 'elementwise':
    case 'concat':
      return undefined;
    default:
      return assertNever(operation);
  }
}
