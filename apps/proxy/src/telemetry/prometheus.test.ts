import { spawnSync } from 'node:child_process'
import { FakeClock } from '@heddle/testkit/fakeClock'
import { expect, test } from 'vitest'
import { finishedRequest } from '../../test/finishedRequest.ts'
import { silentLog } from '../../test/silentLog.ts'
import { AccessLog } from './accessLog.ts'
import type { ProcessFacts } from './processMetrics.ts'
import { createRegistry } from './prometheus.ts'
import { Recorder } from './recorder.ts'
import { ownUsage } from './usage.ts'

const facts: ProcessFacts = {
  client: { isConnected: true },
  store: { position: { revision: 7 } },
  session: { counters: { applied: 2, refused: 1 } },
  identity: { current: () => ({ notAfter: 1_700_000_000_000 }) },
  state: { writable: true, failedWrites: 0 },
  reports: { waiting: 3, dropped: 0 },
  log: { dropped: 0 },
  readiness: { isReady: true },
  workers: { running: () => 2, ended: () => 2, hung: () => 1, usage: ownUsage },
}

function recorded() {
  const recorder = new Recorder(new FakeClock(), silentLog, new AccessLog(silentLog, Math.random))
  recorder.finished(finishedRequest({ latencyMs: 3 }))
  recorder.finished(finishedRequest({ latencyMs: 40_000 }))
  recorder.drain()
  recorder.finished(finishedRequest({ latencyMs: 30, retriesMade: 1, retrySkipped: 'deadline', recovered: true }))
  recorder.finished(finishedRequest({ outcome: 'meshError', meshError: 'timeout', latencyMs: 200 }))
  recorder.finished(finishedRequest({ side: 'inbound', source: 'cart', route: 'a"b\\c', outcome: 'cancelled' }))
  recorder.ruleHit('deny-all', 'cart', 'denied')
  recorder.inFlight('inbound', 1)
  recorder.event('peer_refused', {})
  recorder.event('tcp_refused', {})
  recorder.connectionsOpen(finishedRequest(), 1)
  recorder.connectionsOpen(finishedRequest(), 1)
  return recorder
}

// Totals go on over reports: what was sent to the control plane is still in /metrics.
test('shows totals since the start', async () => {
  const text = await createRegistry(recorded(), facts).metrics()
  const labels = 'side="outbound",destination="catalog",version="v1",route="default"'
  for (const line of [
    `heddle_request_total{${labels},outcome="ok"} 3`,
    `heddle_request_total{${labels},outcome="mesh_error"} 1`,
    `heddle_mesh_errors_total{${labels},code="timeout"} 1`,
    `heddle_retries_total{${labels}} 1`,
    `heddle_retries_skipped_total{${labels},reason="deadline"} 1`,
    `heddle_requests_recovered_total{${labels}} 1`,
    'heddle_rule_hits_total{rule="deny-all",source="cart",verdict="denied"} 1',
    'heddle_requests_in_flight{side="inbound"} 1',
    'heddle_connections_refused_total 1',
    'heddle_tcp_refused_total 1',
    'heddle_tcp_connections_open{side="outbound",source="storefront",destination="catalog"} 2',
    'heddle_config_revision 7',
    'heddle_workers 2',
    'heddle_worker_ends_total 2',
    'heddle_worker_hangs_total 1',
    'heddle_edge_request_total{side="inbound",source="cart",destination="catalog",outcome="cancelled"} 1',
    'heddle_request_total{side="inbound",destination="catalog",version="v1",route="a\\"b\\\\c",outcome="cancelled"} 1',
    `heddle_request_duration_seconds_bucket{${labels},le="0.0025"} 0`,
    `heddle_request_duration_seconds_bucket{${labels},le="0.005"} 1`,
    `heddle_request_duration_seconds_bucket{${labels},le="0.5"} 3`,
    `heddle_request_duration_seconds_bucket{${labels},le="+Inf"} 4`,
    `heddle_request_duration_seconds_count{${labels}} 4`,
    `heddle_request_duration_seconds_sum{${labels}} 40.233`,
  ]) {
    // Order of labels is prom-client's affair.
    expect(text.split('\n').map(sorted)).toContain(sorted(line))
  }
})

// A second scrape shows the same: reading changes nothing.
test('shows the same at the next scrape', async () => {
  const registry = createRegistry(recorded(), facts)
  const traffic = (text: string) => text.split('\n').filter((line) => line.startsWith('heddle_'))
  expect(traffic(await registry.metrics())).toEqual(traffic(await registry.metrics()))
})

// Prometheus' own linter finds nothing to say.
test('passes promtool', async (context) => {
  const text = await createRegistry(recorded(), facts).metrics()
  const result = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
  if (result.error !== undefined) return context.skip('promtool is not installed')
  expect(result.stderr + result.stdout).toBe('')
  expect(result.status).toBe(0)
})

function sorted(line: string): string {
  const match = /^(\w+)\{(.*)\} (.*)$/.exec(line)
  if (match === null) return line
  return `${match[1]}{${(match[2] ?? '')
    .split(/,(?=\w+=")/)
    .sort()
    .join(',')}} ${match[3]}`
}
