// What a fuzz in a test works through: always the same in `npm test`; `npm run soak -- fuzz` has it go far beyond that.
import { seededRandom } from './random.ts'

/** By the environment, so that a failure is had again with one number. */
export const FUZZ_SEED = 'HEDDLE_FUZZ_SEED'
/** So many times the cases of `npm test` belong to a seed from outside. */
const LONG = 5

export interface Fuzz {
  random: () => number
  cases: number
}

/** `seed` and `cases`: the test's own, a second's worth. */
export function fuzz(seed: number, cases: number): Fuzz {
  const said = process.env[FUZZ_SEED]
  return said === undefined
    ? { random: seededRandom(seed), cases }
    : { random: seededRandom(Number(said)), cases: cases * LONG }
}
