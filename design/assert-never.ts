/** Closes a switch over a discriminated union: a new member fails to compile here, and throws if it gets here all the same. */
export function assertNever(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
