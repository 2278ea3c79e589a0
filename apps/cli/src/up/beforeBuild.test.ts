import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { prepareHome } from '../home.ts'
import { lookBeforeBuild } from './beforeBuild.ts'
import { claimUp } from './upFile.ts'

const listen = '127.0.0.1'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'heddle-before-build-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

test('a busy port is told, with its option', async () => {
  const home = prepareHome(directory)
  const server = createServer().listen(0, listen)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await expect(lookBeforeBuild({ consolePort: port, controlPort: 0, listen }, home)).rejects.toThrow(`port ${port}`)
  await expect(lookBeforeBuild({ consolePort: 0, controlPort: port, listen }, home)).rejects.toMatchObject({
    advice: expect.stringContaining('--control-port'),
  })
  server.close()
  await once(server, 'close')
  await lookBeforeBuild({ consolePort: port, controlPort: 0, listen }, home)
})

// Its ports are busy because it runs: that is what is said.
test('a mesh that runs here already is told before its ports', async () => {
  const home = prepareHome(directory)
  const claim = claimUp(home, 0)
  await expect(lookBeforeBuild({ consolePort: 0, controlPort: 0, listen }, home)).rejects.toThrow('already runs')
  claim.release()
  await lookBeforeBuild({ consolePort: 0, controlPort: 0, listen }, home)
})
