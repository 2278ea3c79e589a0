// Proxies as processes of their own, for tests that are the control plane and the applications of these.
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import type { WireDocument } from '@heddle/shared/wire/config'
import { eventually } from '@heddle/testkit'
import { z } from 'zod'
import { destinationDocument, endpointsDocument, inboundDocument, meshDocument } from './documents.ts'
import type { Conversation, FakeControl } from './fakeControl.ts'
import { environmentOf, ProxyChild } from './proxyChild.ts'
import type { Home } from './startProxies.ts'

const readySchema = z.object({
  ports: z.object({ outbound: z.number(), inbound: z.number().nullable(), admin: z.number() }),
  instance: z.string(),
})

export interface Place {
  control: FakeControl
  home: Home
  /** Ends what is started. */
  stack: AsyncDisposableStack
}

export interface Started {
  child: ProxyChild
  /** Of the config that it was sent last. */
  revision: number
  conversation: Conversation
  ports: z.infer<typeof readySchema>['ports']
  instance: string
  /** Lines of its log so far. */
  log(): Record<string, unknown>[]
  metrics(): Promise<string>
}

/** Every request is in its log, with the worker that carried it. */
export async function startProcess(
  { control, home, stack }: Place,
  service: string,
  over: Record<string, string> = {},
): Promise<Started> {
  const environment = { HEDDLE_SERVICE: service, HEDDLE_JOIN_TOKEN: control.token, ...over }
  const child = stack.use(new ProxyChild(environmentOf(home, control, environment)))
  const conversation = await control.connection()
  await conversation.next('hello')
  const mesh = { ...meshDocument([control.authority.root]), accessLogSample: 1 }
  conversation.send({ type: 'snapshot', epoch: 1, revision: 1, documents: [mesh, inboundDocument(service)] })
  const { ports, instance } = readySchema.parse(await child.until('ready'))
  const file = join(home.path, 'logs', `${instance}.log`)
  return {
    child,
    revision: 1,
    conversation,
    ports,
    instance,
    log: () =>
      readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    metrics: async () => (await fetch(`http://127.0.0.1:${ports.admin}/metrics`)).text(),
  }
}

/** Resolves when it is acknowledged. */
export async function change(of: Started, ...documents: WireDocument[]): Promise<void> {
  const base = of.revision++
  of.conversation.send({ type: 'delta', epoch: 1, base, revision: of.revision, documents, removed: [] })
  while ((await of.conversation.next('ack')).revision !== of.revision);
}

/** `caller` is told that `catalog` is at these. */
export function publish(caller: Started, ...instances: Started[]): Promise<void> {
  const inbounds = instances.map(({ ports }) => ports.inbound ?? 0)
  return change(caller, destinationDocument('catalog'), endpointsDocument('catalog', inbounds))
}

/** A kept connection of an application to its proxy; resolves with the status, or 0 where it broke. */
export function appConnection(stack: AsyncDisposableStack, port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  stack.defer(() => agent.destroy())
  return (host: string, path = '/'): Promise<number> =>
    new Promise((resolve) => {
      request({ agent, host: '127.0.0.1', port, path, headers: { host } }, (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode ?? 0))
        response.on('error', () => resolve(0))
      })
        .on('error', () => resolve(0))
        .end()
    })
}

/** All requests of one side, in /metrics. */
export const total = (metrics: string, side: string): number =>
  [...metrics.matchAll(new RegExp(`^heddle_request_total\\{side="${side}".* (\\d+)$`, 'gm'))].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  )

/** Of a metric without labels. */
export const value = (metrics: string, name: string): number =>
  Number(new RegExp(`^${name} (.*)$`, 'm').exec(metrics)?.[1])

export const workersOf = (lines: Record<string, unknown>[], message: string): Set<unknown> =>
  new Set(lines.filter((line) => line.message === message).map(({ worker }) => worker))

/** Of its two workers that serve now. */
export async function pidsOf({ log }: Started): Promise<[number, number]> {
  const pidOf = (worker: number) =>
    eventually(`worker ${worker} is in the log`, () => {
      const line = log().findLast((line) => line.message === 'a worker serves' && line.worker === worker)
      return line === undefined ? undefined : Number(line.pid)
    })
  return [await pidOf(1), await pidOf(2)]
}
