import { type MessageRegistry, message, type Words } from '../design/index.ts';

/** What the engine reports about a design that the language understood. */
export const engineMessages = {
  /** `why`: what the disk answered. */
  unreadableFile: message(
    'unreadable-file',
    ({ file, why }: { readonly file: string; readonly why: string }) => `cannot read ${file}: ${why}`,
  ),
  /** `finding`: what was measured, its distance to the limit and its cause. */
  sloViolated: message('slo-violated', ({ finding }: { readonly finding: Words }) => finding.text),
  sloUndecided: message('slo-undecided', ({ finding }: { readonly finding: Words }) => finding.text),
  /** `shortage`: the memory, the sum and its parts. */
  memoryTooSmall: message(
    'memory-too-small',
    ({ shortage }: { readonly shortage: Words }) => `${shortage.text}. Enlarge the memory, or keep less in it`,
  ),
  /** `caveat`: which layer lacks how much. */
  smallVmem: message('small-vmem', ({ caveat }: { readonly caveat: Words }) => caveat.text.replace(/\.$/, '')),
} as const satisfies MessageRegistry;
