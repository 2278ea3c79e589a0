// up.json (0600): what `heddle up` runs in this HEDDLE_HOME, for `down`, for commands that look for the console, and as
// the lock against a second one. It names a process by id and start, so that a reused id is never taken for ours.
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
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
  const state = parseUp(home)
  return state !== undefined && isSameProcess(state.process) ? state : undefined
}

function parseUp(home: Home): UpState | undefined {
  const text = readIfThere(home.upFile)
  if (text === undefined) return undefined
  try {
    return upStateSchema.parse(JSON.parse(text))
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
  try {
    writeFileSync(home.upFile, JSON.stringify(state), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    const other = readUp(home)
    if (other !== undefined)
      throw new AdviceError(
        `"heddle up" already runs with HEDDLE_HOME ${home.directory} (process ${other.process.pid}${
          other.consoleUrl === null ? ', still starting' : `, console ${other.consoleUrl}`
        }).`,
        { advice: 'Use that one, end it with "heddle down", or set another HEDDLE_HOME (and other ports).' },
      )
    rmSync(home.upFile, { force: true })
    return claimUp(home, now)
  }
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
