// Work that takes a while and sometimes fails, so that charts have something to show.
import { setTimeout as wait } from 'node:timers/promises'
import { HttpError } from './httpServer.ts'

/** Around `medianMs`, with a tail: one call in a hundred takes some four times as long. */
export function work(medianMs: number): Promise<void> {
  const normal = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())
  return wait(medianMs * Math.exp(0.55 * normal))
}

/** Throws a 503 for a share (0 to 1) of the calls. */
export function failSometimes(share: number, message: string): void {
  if (Math.random() < share) throw new HttpError(503, message)
}
