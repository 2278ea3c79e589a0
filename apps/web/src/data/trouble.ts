// Which of the golden numbers a health speaks of: the trouble shows in the cell that has it, and nowhere else. Pure.
import type { Health } from '../server/schemas/numbers.ts'

/**
 * From its reason, which names the number first, after the version where it is that one's: "success 98.69 % < 99.5 %",
 * "v2 p99 900 ms > 500 ms". null: there is no trouble, or it is neither number's.
 */
export function troubledNumber({ state, reason }: Pick<Health, 'state' | 'reason'>): 'success' | 'p99' | null {
  if (state !== 'degraded' && state !== 'failing') return null
  const [, number] = /(?:^| )(success|p99) [\d.,]/.exec(reason ?? '') ?? []
  return number === 'success' || number === 'p99' ? number : null
}
