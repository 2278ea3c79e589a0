import { expect, test } from 'vitest'
import { AppNotes, joinedLine } from './runNotes.ts'
import { readProxyOptions } from './runOptions.ts'

const cart = { service: 'cart', appPort: '8080' }
const again = { instance: 'cart-v1-1-abcd', isNew: false }

function noted(readyPath?: string) {
  const lines: string[] = []
  const options = readProxyOptions({ ...cart, readyPath })
  return { lines, notes: new AppNotes({ ...options, appPort: 8080 }, (line) => lines.push(line)) }
}
const refused = { isReady: false, reason: 'connect ECONNREFUSED 127.0.0.1:8080' }
const ready = { isReady: true, reason: null }

// At a terminal a server says what it joined as, a client only the first time; scripts and logs get nothing.
test('says that it joined where that helps', () => {
  const [server, client] = [readProxyOptions(cart), readProxyOptions({ service: 'probe' })]
  expect(joinedLine(server, again, true)).toBe('cart v1 joined the mesh as cart-v1-1-abcd')
  expect(joinedLine(client, { instance: 'probe-v1-1-abcd', isNew: true }, true)).toContain('a client only')
  expect(joinedLine(client, again, true)).toBeNull()
  expect(joinedLine(server, { ...again, isNew: true }, false)).toBeNull()
})

// Who gave the wrong --app-port learns it in seconds, with the port and what to do; and once when it is well.
test('warns of a port on which nothing listens, once, and takes it back, once', () => {
  const { lines, notes: app } = noted()
  app.told(refused)
  app.late()
  app.late()
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^warning: nothing listens on port 8080 \(--app-port\).*503 no_endpoint.*127\.0\.0\.1:8080/)
  app.told(ready)
  app.told(refused)
  app.told(ready)
  app.late()
  expect(lines.slice(1)).toEqual(['cart is ready: the app answers on port 8080 and gets calls'])
})

// An app that was ready in time is no news.
test('is silent about an app that is ready in time', () => {
  const { lines, notes: app } = noted()
  app.told(refused)
  app.told(ready)
  app.late()
  expect(lines).toEqual([])
})

// With --ready-path it is the answer that is wrong, not the port.
test('names the answer that is not the expected one', () => {
  const { lines, notes: app } = noted('/healthz')
  app.told({ isReady: false, reason: 'GET /healthz answered 404' })
  app.late()
  expect(lines[0]).toContain('not ready: GET /healthz answered 404')
})
