import { expect, test } from 'vitest'
import { HostLookup } from './hostLookup.ts'

// A name that nobody answers for is given up after the deadline …
test('a name that hangs is refused after the deadline', async () => {
  const lookup = new HostLookup({ ask: () => new Promise(() => {}), deadlineMs: 20 })
  await expect(lookup.resolve('hangs.example')).rejects.toMatchObject({ code: 'HEDDLE_CONNECT' })
})

// … and however many names hang, and however often they are asked for, two threads of the process are theirs at most.
test('names that hang take two lookups at once, one each', async () => {
  const asked: string[] = []
  const answers = new Map<string, () => void>()
  const lookup = new HostLookup({
    ask: (host) => {
      asked.push(host)
      return new Promise((resolve) => answers.set(host, () => resolve([{ address: '192.0.2.1' }])))
    },
    deadlineMs: 20,
  })
  const hosts = ['a.example', 'a.example', 'b.example', 'c.example', 'd.example']
  const results = await Promise.allSettled(hosts.map((host) => lookup.resolve(host)))
  expect(results.map(({ status }) => status)).toEqual(hosts.map(() => 'rejected'))
  expect(asked).toEqual(['a.example', 'b.example'])
  const late = lookup.resolve('c.example')
  answers.get('a.example')?.()
  await expect.poll(() => asked).toEqual(['a.example', 'b.example', 'c.example'])
  answers.get('c.example')?.()
  expect(await late).toEqual(['192.0.2.1'])
})

test('addresses are their own answer', async () => {
  const lookup = new HostLookup({ ask: () => Promise.reject(new Error('asked')) })
  expect(await lookup.resolve('192.0.2.7')).toEqual(['192.0.2.7'])
  expect(await lookup.resolve('[2001:db8::1]')).toEqual(['2001:db8::1'])
  await expect(lookup.resolve('x.example')).rejects.toThrow('x.example could not be resolved')
})
