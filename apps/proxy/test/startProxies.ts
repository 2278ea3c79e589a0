// Real proxies for tests, in this process, with a home directory of their own that goes with the test.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ProxyOptions, type RunningProxy, startProxy } from '../src/app.ts'
import type { ProxyConfig } from '../src/config.ts'
import type { Conversation, FakeControl } from './fakeControl.ts'

export interface Home extends Disposable {
  readonly path: string
}

export function newHome(): Home {
  const path = mkdtempSync(join(tmpdir(), 'heddle-home-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

export function proxyConfig(
  service: string,
  home: string,
  controls: string[],
  over: Partial<ProxyConfig> = {},
): ProxyConfig {
  return {
    service,
    version: 'v1',
    instance: null,
    appPort: null,
    readyPath: null,
    publicPort: null,
    outboundPort: null,
    inboundPort: null,
    adminPort: null,
    workers: 1,
    upstreams: [],
    controls,
    joinToken: null,
    advertise: null,
    home,
    ...over,
  }
}

export const noToken = (): Promise<string> => Promise.reject(new Error('no token was expected to be needed'))

export function start(
  service: string,
  home: Home,
  control: FakeControl,
  over: Partial<ProxyConfig> = {},
  options: Partial<ProxyOptions> = {},
): Promise<RunningProxy> {
  return startProxy({
    config: proxyConfig(service, home.path, [control.url], over),
    joinToken: () => Promise.resolve(control.token),
    logTo: 'file',
    ...options,
  })
}

/** Starts a proxy and answers its hello with a snapshot of `documents`. */
export async function startWithConfig(
  service: string,
  home: Home,
  control: FakeControl,
  documents: Parameters<Conversation['send']>[0] & { type: 'snapshot' },
  over: Partial<ProxyConfig> = {},
): Promise<{ proxy: RunningProxy; conversation: Conversation }> {
  const starting = start(service, home, control, over)
  starting.catch(() => {})
  const conversation = await Promise.race([
    control.connection(),
    starting.then(() => Promise.reject(new Error('the proxy started without a control plane'))),
  ])
  await conversation.next('hello')
  conversation.send(documents)
  return { proxy: await starting, conversation }
}
