/** What is wrong, in the words of the other verifier (src/app/fairdraw/verifier.py): both say the same of a file. */
export class Refused extends Error {}

export function demand(holds: unknown, otherwise: string): asserts holds {
  if (!holds) throw new Refused(otherwise);
}

export function naming<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw error instanceof Refused ? new Refused(`${what}: ${error.message}`) : error;
  }
}
