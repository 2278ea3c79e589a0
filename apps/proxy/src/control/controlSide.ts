// The proxy's side of the control plane, put together: config store, link, conversation, and the file that keeps what
// was learned. It begins with what is on disk.
import type { Clock } from '@heddle/shared/clock'
import type { ProxyConfig } from '../config.ts'
import type { MeshIdentity } from '../identity/meshIdentity.ts'
import type { Log } from '../interfaces.ts'
import type { StateDirectory } from '../state/stateDirectory.ts'
import type { Reports } from '../telemetry/reports.ts'
import { ControlClient } from './client.ts'
import { ConfigStore } from './configStore.ts'
import { ConfigSaver, savedConfigSchema } from './savedConfig.ts'
import { ControlSession, type Registration } from './session.ts'

export interface ControlSideParts {
  config: ProxyConfig
  state: StateDirectory
  identity: MeshIdentity
  reports: Reports
  registration: () => Registration
  clock: Clock
  random: () => number
  log: Log
}

export interface ControlSide extends AsyncDisposable {
  readonly store: ConfigStore
  readonly client: ControlClient
  readonly session: ControlSession
  /** Puts the config on disk into force, if there is any. */
  restore(): void
  /** Begins to dial, and never stops before the end. */
  connect(): void
  /** Called with each new connection, after the hello. */
  onConnected(listener: () => void): void
}

export function createControlSide(parts: ControlSideParts): ControlSide {
  const { config, state, identity, clock, random, log } = parts
  let controls: readonly string[] = []
  let connected: () => void = () => {}

  const store = new ConfigStore(config.service, (names) => session.subscribe(names), log)
  const client: ControlClient = new ControlClient({
    urls: config.controls,
    material: () => identity.current(),
    clock,
    random,
    log,
    onOpen: (localAddress) => {
      session.opened(localAddress)
      connected()
    },
    onText: (text) => session.received(text),
    onLost: () => session.lost(),
  })
  const saver = new ConfigSaver(state, () => {
    const revoked = JSON.stringify(identity.revoked())
    return `{"controls":${JSON.stringify(controls)},"revoked":${revoked},"config":${store.serialize()}}`
  })
  const session: ControlSession = new ControlSession({
    ...parts,
    client,
    store,
    onStateChanged: () => saver.changed(),
    onControls: (urls) => {
      controls = urls
      client.setUrls(urls)
    },
  })

  return {
    store,
    client,
    session,
    restore() {
      const saved = state.readSnapshot(savedConfigSchema)
      if (saved === undefined) return
      identity.revoke(saved.revoked.identities, saved.revoked.instances)
      controls = saved.controls
      client.setUrls(controls)
      if (saved.config === null) return
      const verdict = store.restore(saved.config)
      if ('refused' in verdict) log.error('the config on disk cannot be used', { reason: verdict.refused })
    },
    connect: () => client.start(),
    onConnected(listener) {
      connected = listener
    },
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]()
      await saver[Symbol.asyncDispose]()
    },
  }
}
