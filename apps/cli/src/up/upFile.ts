// up.json (0600): what `heddle up` runs in this HEDDLE_HOME, for `down`, for commands that look for the console, and as
// the lock against a second one. It names a process by id and start, so that a reused id is never taken for ours.
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { claimFile } from '../../../../scripts/claim.mjs'
import { type Home, readIfThere } from '../home.ts'
import { AdviceError } from '../terminal/advice.ts'
import { isSameProcess, type ProcessId, processIdSchema, thisProcess } from './processId.ts'

const upStateSchema = z.object({
  process: processIdSchema,
  /** Milliseconds since the epoch. */
  startedAt: z.number(),
  /** What browsers see; null: not up yet. */
  consoleUrl: z.string().nullable(),
  /** Where commands on this machine reach it. */
  consoleLocalUrl: z.string().nullable(),
  controlUrl: z.string().nullable(),
  /** Of the control plane's loopback port with /metrics and /ready. */
  controlAdminPort: z.number().nullable(),
})
export type UpState = z.infer<typeof upStateSchema>

/** What runs here now; undefined where nothing does, or where it was killed and left its file behind. */
export function readUp(home: Home): UpState | undefined {
  const text = readIfThere(home.upFile)
  return text === undefined ? undefined : liveUp(text)
}

/** The file's content, unless its process is gone or nobody could have written it. */
function liveUp(text: string): UpState | undefined {
  try {
    const state = upStateSchema.parse(JSON.parse(text))
    return isSameProcess(state.process) ? state : undefined
  } catch {
    return undefined
  }
}

export interface UpClaim {
  readonly process: ProcessId
  /** Replaces the file's content in one step. */
  publish(state: Partial<Omit<UpState, 'process' | 'startedAt'>>): void
  release(): void
}

/** Takes this HEDDLE_HOME for this process; throws advice where another `heddle up` has it. */
export function claimUp(home: Home, now: number): UpClaim {
  let state: UpState = {
    process: thisProcess(),
    startedAt: now,
    consoleUrl: null,
    consoleLocalUrl: null,
    controlUrl: null,
    controlAdminPort: null,
  }
  const held = claimFile(home.upFile, JSON.stringify(state), (text) => liveUp(text) === undefined)
  if (held !== undefined) throw taken(home, liveUp(held))
  const publish: UpClaim['publish'] = (change) => {
    state = { ...state, ...change }
    const next = `${home.upFile}.${process.pid}`
    writeFileSync(next, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
    renameSync(next, home.upFile)
  }
  return {
    process: state.process,
    publish,
    release: () => rmSync(home.upFile, { force: true }),
  }
}

/** Throws what `claimUp` would where another `heddle up` has this HEDDLE_HOME, and takes nothing. */
export function refuseSecond(home: Home): void {
  const other = readUp(home)
  if (other !== undefined) throw taken(home, other)
}

function taken(home: Home, other: UpState | undefined): AdviceError {
  const who =
    other === undefined
      ? 'still starting'
      : `process ${other.process.pid}, ${other.consoleUrl === null ? 'still starting' : `console ${other.consoleUrl}`}`
  return new AdviceError(`"heddle up" already runs with HEDDLE_HOME ${home.directory} (${who}).`, {
    advice: 'Use that one, end it with "heddle down", or set another HEDDLE_HOME (and other ports).',
  })
}
