// What a scenario of `npm run soak` is: minutes of real processes under load, ending in facts that hold or do not.

export interface SoakOptions {
  /** For scenarios that go on as long as they are told. */
  minutes: number
  /** For scenarios of chance: their only one; null: new ones. */
  seed: number | null
}

export interface Scenario {
  name: string
  /** The guarantee, in one sentence. */
  guarantees: string
  /** Throws where the guarantee does not hold; `note` prints what was measured. */
  run(note: (line: string) => void, options: SoakOptions): Promise<void>
}

/** Throws with both sides unless the fact holds. */
export function hold(fact: string, holds: boolean, seen: unknown): void {
  if (!holds) throw new Error(`does not hold: ${fact}; seen: ${JSON.stringify(seen)}`)
}
