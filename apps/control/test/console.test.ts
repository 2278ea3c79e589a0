// What the console is told: proxies as they come, answer and go, and how far a change has spread.
import { applyDocuments } from '@heddle/db'
import type { ProxyState } from '@heddle/shared/wire/console'
import { expect, test } from 'vitest'
import { ConsoleClient, enrol } from './support/consoleClient.ts'
import { join } from './support/joinClient.ts'
import { ProxyClient } from './support/proxyClient.ts'
import { startTestControl } from './support/testControl.ts'

const rule = {
  apiVersion: 'heddle.dev/v1',
  kind: 'AccessRule',
  metadata: { name: 'rule' },
  spec: { target: { service: 'web' }, action: 'Allow', from: [{ any: 'authenticated' }] },
}

// A console that connects late sees who is there; one that watches sees them change.
test('proxies are shown as they are', async () => {
  await using mesh = await startTestControl()
  const credentials = await join(mesh, 'web')
  const web = await ProxyClient.connect(mesh.control.port, credentials)
  await using console = await ConsoleClient.connect(mesh, await enrol(mesh))
  const seen = (what: string, is: (state: ProxyState) => boolean) =>
    console.find(what, (message) =>
      message.type === 'state' || message.type === 'proxies' ? message.proxies.findLast(is) : undefined,
    )
  const state = await seen('the proxy, current', (s) => s.revision !== null && s.revision === s.wantedRevision)
  expect(state).toMatchObject({
    instance: credentials.instance,
    service: 'web',
    version: 'v1',
    connected: true,
    ready: true,
  })
  web.send({ type: 'ready', ready: false, reason: 'down' })
  await seen('unreadiness', (s) => !s.ready && s.readyReason === 'down')
  web.send({ type: 'ejections', endpoints: [{ instance: 'catalog-v1-0-abcd', untilMs: 5_000 }] })
  await seen('ejections', (s) => s.ejections[0]?.instance === 'catalog-v1-0-abcd')
  web.refusal = 'no'
  await applyDocuments(mesh.db, { actor: 'test', documents: [rule] })
  const refused = await seen('the refusal', (s) => s.nack !== null)
  expect(refused.nack?.reason).toBe('no')
  expect(refused.revision).toBeLessThan(refused.wantedRevision)
  await web[Symbol.asyncDispose]()
  await seen('its end', (s) => !s.connected)
})

// Who holds a changed document, who has answered and how long the last one took: for the change that was made.
test('the spread of a change is told', async () => {
  await using mesh = await startTestControl()
  await using one = await ProxyClient.connect(mesh.control.port, await join(mesh, 'web'))
  await using two = await ProxyClient.connect(mesh.control.port, await join(mesh, 'web'))
  await using other = await ProxyClient.connect(mesh.control.port, await join(mesh, 'other'))
  await using console = await ConsoleClient.connect(mesh, await enrol(mesh))
  const { revision } = await applyDocuments(mesh.db, { actor: 'test', documents: [rule] })
  const spread = await console.find('the spread', (message) =>
    message.type === 'spread'
      ? message.spreads.find((s) => s.revision === revision && s.acknowledged === 2)
      : undefined,
  )
  expect(spread.holders).toBe(2)
  expect(spread.lastAckMs).toBeGreaterThanOrEqual(0)
  expect([one, two, other].map(({ closed }) => closed)).toEqual([null, null, null])
})
