// Who is in flight. (What the doors keep out is in test/admission.test.ts.)
import { FakeClock } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { TestTelemetry } from '../../test/testMesh.ts'
import { type Exchange, NOWHERE } from '../listen/exchange.ts'
import { Admission } from './admission.ts'

function exchange(onGone: (listener: () => void) => void): Exchange {
  const path = { path: '/', query: '', pathAndQuery: '/' }
  return {
    head: {
      method: 'GET',
      target: { malformed: null, form: 'origin', authority: 'catalog', port: null, ...path },
      headers: [],
      contentLength: null,
      upgrade: null,
    },
    origin: { kind: 'app' },
    receivedAtMs: 0,
    body: null,
    hasAnswered: false,
    onGone,
    invite: () => {},
    inform: () => {},
    answer: () => NOWHERE,
    refuse: () => {},
    switchProtocols: () => {
      throw new Error('nobody asked for it')
    },
    abort: () => {},
  }
}

// Whoever is in flight for good takes a place for good.
test('a call whose caller is gone already is not in flight', () => {
  const telemetry = new TestTelemetry()
  const admission = new Admission({ telemetry, clock: new FakeClock(), maxInFlight: 1 })
  for (let i = 0; i < 3; i++)
    admission.open(
      exchange((listener) => listener()),
      'outbound',
      'shop',
    )
  expect([admission.inFlight, telemetry.gauges.outbound]).toEqual([0, 0])
  const staying = admission.open(
    exchange(() => {}),
    'outbound',
    'shop',
  )
  expect(admission.inFlight).toBe(1)
  staying?.refuse('no_endpoint')
  expect(admission.inFlight).toBe(0)
})
