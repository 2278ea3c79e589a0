import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EXIT, StartError } from '../src/lifecycle/startError.ts'
import { inboundDocument, meshDocument } from './documents.ts'
import { startFakeControl } from './fakeControl.ts'
import { newHome, start, startWithConfig } from './startProxies.ts'

/** A file system of 64 KiB, where this user may mount one. */
function tinyDisk(path: string): Disposable | undefined {
  mkdirSync(path, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', path], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  return { [Symbol.dispose]: () => execFileSync('umount', ['-l', path]) }
}

function fill(path: string): void {
  for (const size of [4096, 512, 1]) {
    try {
      for (let n = 0; ; n++) writeFileSync(join(path, `ballast-${size}-${n}`), Buffer.alloc(size))
    } catch {
      // Full, to this size.
    }
  }
}

// A disk that fills up under a running proxy: it goes on taking config and serving, and /metrics and the log say what
// a restart would lose.
test('serves on with a full disk', async (context) => {
  using home = newHome()
  using disk = tinyDisk(join(home.path, 'instances'))
  if (disk === undefined) return context.skip('mounting needs root')
  await using control = await startFakeControl()
  const documents = [meshDocument([control.authority.root]), inboundDocument('catalog')]
  const { proxy, conversation } = await startWithConfig('catalog', home, control, {
    type: 'snapshot',
    epoch: 1,
    revision: 1,
    documents,
  })
  await using _proxy = proxy
  await conversation.next('ack')
  fill(join(home.path, 'instances'))
  const metrics = async () => (await fetch(`http://127.0.0.1:${proxy.ports.admin}/metrics`)).text()
  conversation.send({ type: 'delta', epoch: 1, base: 1, revision: 2, documents, removed: [] })
  expect(await conversation.next('ack')).toMatchObject({ revision: 2 })
  await expect.poll(metrics, { timeout: 5_000 }).toMatch(/^heddle_state_writable 0$/m)
  expect(await metrics()).toMatch(/^heddle_config_revision 2$/m)
  proxy.log.flush()
  expect(readFileSync(join(home.path, 'logs', `${proxy.instance}.log`), 'utf8')).toContain('traffic goes on')
})

// A disk that is full at the first start is an error that says so, before a token is spent.
test('does not join with a full disk', async (context) => {
  using home = newHome()
  using disk = tinyDisk(join(home.path, 'instances'))
  if (disk === undefined) return context.skip('mounting needs root')
  await using control = await startFakeControl()
  fill(join(home.path, 'instances'))
  const error = await start('catalog', home, control).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error instanceof StartError && error.exitCode).toBe(EXIT.cannotCreate)
  expect(error instanceof StartError && error.message).toMatch(/HEDDLE_HOME/)
  expect(control.joins).toEqual([])
})
