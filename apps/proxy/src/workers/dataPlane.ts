// Where the data path of a proxy runs: in this process, or in workers of it.
import type { Clock } from '@heddle/shared/clock'
import type { ConfigStore } from '../control/configStore.ts'
import type { MeshIdentity } from '../identity/meshIdentity.ts'
import type { StartError } from '../lifecycle/startError.ts'
import type { DataPath, DataPathSettings } from '../path/dataPath.ts'
import type { JsonLog } from '../telemetry/log.ts'
import type { Recorder } from '../telemetry/recorder.ts'
import { ownUsage, type Usage } from '../telemetry/usage.ts'

export interface DataPlane extends AsyncDisposable {
  create(settings: DataPathSettings): DataPath
  /** Brings the recorder's counts up to now; for at most a second. */
  count(): Promise<void>
  readonly workers: WorkerFacts
  /** Resolves when nothing will serve any more, with what to say about it. */
  readonly failed: Promise<StartError>
}

export interface WorkerFacts {
  /** Those that serve. */
  running(): number
  /** How often one ended by itself. */
  ended(): number
  /** How many of these had hung. */
  hung(): number
  /** All processes of this proxy together, those that have ended included where that makes sense. */
  usage(): Usage
}

export interface DataPlaneParts {
  /** 1: this process. */
  workers: number
  store: ConfigStore
  identity: MeshIdentity
  recorder: Recorder
  log: JsonLog
  clock: Clock
  random: () => number
}

export async function openDataPlane(parts: DataPlaneParts): Promise<DataPlane> {
  if (parts.workers > 1) {
    const [{ WorkerPool }, { forkWorker }] = await Promise.all([import('./workerPool.ts'), import('./fork.ts')])
    return new WorkerPool(parts, forkWorker)
  }
  const { createDataPath } = await import('../path/dataPath.ts')
  const { store, identity, recorder, clock, random, log } = parts
  return {
    create: (settings) => createDataPath({ view: store, identity, telemetry: recorder, clock, random, log, settings }),
    count: () => Promise.resolve(),
    workers: { running: () => 1, ended: () => 0, hung: () => 0, usage: ownUsage },
    failed: new Promise(() => {}),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
