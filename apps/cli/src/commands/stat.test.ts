import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { consoleClient } from '../console/client.ts'
import { readEnvironment } from '../environment.ts'
import { homeAt } from '../home.ts'
import { stat } from './observe.ts'

const row = (service: string, requests: number) => ({
  service,
  requests,
  failed: 0,
  requestsPerSecond: requests / 60,
  successRate: requests === 0 ? null : 100,
  latencyMs: { p50: null, p95: null, p99: null },
})

/** What `heddle stat services` prints, and what it adds for the person, where the console answers these rows. */
async function statOf(rows: readonly ReturnType<typeof row>[]) {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ result: { data: { json: { window: '1m', rows } } } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const lines: string[] = []
  const notes: string[] = []
  try {
    const terminal = { out: (line: string) => lines.push(line), note: (line: string) => notes.push(line) }
    const client = consoleClient({ url, token: 'heddle_api_x' })
    const context = { environment: readEnvironment({}), home: homeAt('/nowhere'), terminal, url, client }
    await stat(context, 'services', { service: undefined, windowMs: 60_000 }, false)
    return { lines, notes }
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

test('a table of nothing but dashes says when a call shows', async () => {
  const { lines, notes } = await statOf([row('cart', 0), row('catalog', 0)])
  expect(lines.join('\n')).toContain('catalog')
  expect(notes.join('\n')).toContain('15 s after it was made')
})

test('where there are calls the table says all', async () => {
  const { notes } = await statOf([row('cart', 0), row('catalog', 6)])
  expect(notes).toEqual([])
})
