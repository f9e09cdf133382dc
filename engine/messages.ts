import { type MessageRegistry, message, type Words } from '../design/index.ts';

/** The diagnostics of the engine, about designs without language errors. */
export const engineMessages = {
  /** `why`: the problem that the disk reported. */
  unreadableFile: message(
    'unreadable-file',
    ({ file, why }: { readonly file: string; readonly why: string }) => `Cannot read ${file}: ${why}.`,
  ),
  /** `finding`: the measured value, its distance to the limit and its cause. */
  sloViolated: message('slo-violated', ({ finding }: { readonly finding: Words }) => finding.text),
  sloUndecided: message('slo-undecided', ({ finding }: { readonly finding: Words }) => finding.text),
  /** `shortage`: the memory, the required size and its parts. */
  memoryTooSmall: message(
    'memory-too-small',
    ({ shortage }: { readonly shortage: Words }) => `${shortage.text}. Enlarge the memory, or keep less in it.`,
  ),
  unusedAccept: message(
    'unused-accept',
    ({ code, scenario }: { readonly code: string; readonly scenario: string }) =>
      `'accept { ${code}: yes }' has no effect: scenario '${scenario}' has no such caveat. Remove it.`,
  ),
  /** `caveat`: the layer and the missing size. */
  smallVmem: message('small-vmem', ({ caveat }: { readonly caveat: Words }) => caveat.text),
} as const satisfies MessageRegistry;
