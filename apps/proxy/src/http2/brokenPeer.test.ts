// A client between whom and its server octets change: whatever it reads, it throws nothing, and what it says of each stream
// is a message or the beginning of one, and then nothing more.
import { fuzz, pickOne } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { split } from '../http1/testReading.ts'
import { ClientConnection } from './clientConnection.ts'
import { LIMITS } from './limits.ts'
import { ServerConnection } from './serverConnection.ts'
import { stepsOf } from './testFrames.ts'

/** What a server says to four requests of a client, in some order. */
function answers(client: ClientConnection, random: () => number): Buffer {
  for (let i = 0; i < 4; i++)
    client.open(
      {
        method: pickOne(random, ['GET', 'HEAD', 'CONNECT']),
        scheme: 'http',
        target: '/',
        host: 'catalog',
        fields: [],
        contentLength: null,
      },
      true,
    )
  const server = new ServerConnection(LIMITS)
  server.feed(Buffer.concat(client.take(100_000)), 0)
  const said: Buffer[] = []
  for (let step = server.next(); step !== 'more'; step = server.next()) {
    if (step !== 'head') continue
    const { stream } = server
    if (random() < 0.3) server.inform(stream, 103, ['link', '</x>'])
    const hasBody = stream.head?.method !== 'HEAD' && random() < 0.7
    const contentLength = random() < 0.5 && hasBody ? 6 : null
    server.respond(stream, { status: pickOne(random, [200, 404]), fields: ['x-a', 'b'], contentLength }, !hasBody)
    if (hasBody) server.send(stream, Buffer.from('answer'))
    if (hasBody) server.finish(stream, stream.head?.method !== 'CONNECT' && random() < 0.4 ? ['x-t', '1'] : [])
    if (random() < 0.3) server.ping()
    if (random() < 0.5) said.push(...server.take(100_000))
  }
  if (random() < 0.3) server.shutdown()
  said.push(...server.take(100_000))
  return Buffer.concat(said)
}

function broken(bytes: Buffer, random: () => number): Buffer {
  const octets = [...bytes]
  for (let n = Math.floor(random() * 4); n > 0; n--) {
    const at = Math.floor(random() * octets.length)
    const octet = random() < 0.5 ? Math.floor(random() * 256) : (octets[at] ?? 0) ^ (1 << Math.floor(random() * 8))
    octets.splice(at, random() < 0.8 ? 1 : 0, ...(random() < 0.9 ? [octet] : []))
  }
  return Buffer.from(octets)
}

/** Heads, then data, then an end, and a reset at any time. */
const COURSE = /^(?:head )*(?:data )*(?:end )?(?:reset )?$/

test('a client whose server is broken', () => {
  const { random, cases } = fuzz(17, 3_000)
  const ends = new Set<string>()
  let whole = 0
  for (let i = 0; i < cases; i++) {
    const client = new ClientConnection(LIMITS)
    const bytes = broken(answers(client, random), random)
    const steps: string[] = []
    for (const chunk of split(bytes, random)) {
      client.feed(chunk, 0)
      steps.push(...stepsOf(client))
    }
    client.end()
    steps.push(...stepsOf(client))
    const courses = new Map<string, string>()
    for (const step of steps) {
      const [kind = '', id = ''] = step.split(' ')
      if (/^\d+$/.test(id)) courses.set(id, `${courses.get(id) ?? ''}${kind} `)
    }
    for (const [id, course] of courses) expect([i, id, course]).toEqual([i, id, expect.stringMatching(COURSE)])
    expect([i, client.openStreams, client.canOpen]).toEqual([i, 0, false])
    ends.add(steps.at(-1) ?? '')
    if ([...courses.values()].every((course) => course.includes('end'))) whole++
  }
  // Many are broken in many ways, and many are not.
  expect(ends.size).toBeGreaterThan(15)
  expect(whole).toBeGreaterThan(cases / 5)
})
