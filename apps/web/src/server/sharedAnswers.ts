// Answers that are the same for everybody who asks between two ticks: the first one computes them, the others wait for
// that or find it done. A hundred tabs that read the list of services after a tick cost as much as one.
import type { Console } from './console.ts'
import type { Mesh } from './meshCache.ts'
import { newestEnd } from './metrics/range.ts'

/** As many as lists of different ranges are open at once; of a thousand services one is a megabyte. */
const MOST_LISTS = 12
/** As many as pages of different services and ranges are open at once; one is some 80 KB. */
const MOST_PAGES = 64

export class SharedAnswers {
  readonly #most: number
  readonly #answers = new Map<string, Promise<unknown>>()

  /** `most`: so many are remembered. */
  constructor(most: number) {
    this.#most = most
  }

  /**
   * `key` names the answer with everything that it depends on. Errors are not remembered, nor what is not worth it once
   * it is there.
   */
  share<T>(key: string, compute: () => Promise<T>, isWorthKeeping: () => boolean): Promise<T> {
    const known = this.#answers.get(key)
    if (known !== undefined) {
      // Used again: the least used leave first.
      this.#answers.delete(key)
      this.#answers.set(key, known)
      // The key names the answer, so what is remembered under it has the answer's type.
      return known as Promise<T>
    }
    const answer = compute()
    this.#answers.set(key, answer)
    const forget = () => {
      if (this.#answers.get(key) === answer) this.#answers.delete(key)
    }
    answer.then(() => isWorthKeeping() || forget(), forget)
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= this.#most) break
      this.#answers.delete(oldest)
    }
    return answer
  }
}

/** Apart from each other: many pages of single services must not push a list out that every tab reads. */
export interface AnswersOfTick {
  lists: SharedAnswers
  pages: SharedAnswers
}
export const answersOfTick = (): AnswersOfTick => ({
  lists: new SharedAnswers(MOST_LISTS),
  pages: new SharedAnswers(MOST_PAGES),
})

type Source = Pick<Console, 'answers' | 'control' | 'pulse'>

/**
 * Shares what `compute` answers as long as its sources tell the same: the mesh, what control planes stream, the newest
 * bucket. Where the streams are not complete, numbers come from Postgres, of which nobody tells when they move: then only
 * those share it who ask while it is being computed.
 */
export function shareUntilTick<T>(
  { answers, control, pulse }: Source,
  { epoch, revision }: Pick<Mesh, 'epoch' | 'revision'>,
  name: readonly unknown[],
  compute: () => Promise<T>,
  among: keyof AnswersOfTick = 'lists',
): Promise<T> {
  const isTold = control.isComplete() && !pulse.isSilent
  const sources = [isTold, epoch, revision, control.generation, control.window.dataAt, newestEnd(control.now())]
  // What the database, away meanwhile, left out is not kept.
  return answers[among].share(JSON.stringify([name, sources]), compute, () => isTold && !pulse.isSilent)
}
