import { type MessageRegistry, message } from '../../design/index.ts';

/** Networks with `input: tokens`, and layers that only such networks have. */
export const openModelMessages = {
  furtherInputs: message(
    'open-model',
    ({ name }: { name: string }) =>
      `Model '${name}' has 'input: tokens' and further inputs. A language model reads only tokens. Remove the block 'inputs'.`,
  ),
  cacheInClosed: message(
    'open-model',
    ({ name }: { name: string }) =>
      `'cache: yes' needs a network of any length, but '${name}' has a fixed input. Write 'input: tokens', or state the number of keys with 'context'.`,
  ),
  lastTokenInClosed: message(
    'open-model',
    ({ name }: { name: string }) =>
      `'last-token' needs a network of any length, but '${name}' has a fixed input. Write 'input: tokens', or use 'slice'.`,
  ),
  attentionWithoutCache: message(
    'open-model',
    "'attention' in a network with 'input: tokens' needs 'cache: yes'. Without it, each token would attend only to itself.",
  ),
  attentionAfterLastToken: message(
    'open-model',
    "'attention' after 'last-token' would read keys and values of the last token only. Move 'last-token' after the last 'attention'.",
  ),
  secondLastToken: message(
    'open-model',
    "This is the second 'last-token'. After the first one, each sequence has one token left. Remove one of them.",
  ),
  sequentialInOpen: message(
    'open-model',
    "'sequential: yes' is not possible with 'input: tokens', because the layers describe one token. Remove it.",
  ),
  acrossTokens: message(
    'open-model',
    ({ shape }: { shape: string }) =>
      `This layer combines neighbouring positions, but with 'input: tokens' it reads one token (${shape}). Only 'attention { cache: yes }' connects tokens.`,
  ),
} satisfies MessageRegistry;
