import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { exposedListeners, findExposure } from './listeners.ts'

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
const line = (address: string, state = '0A'): string => `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:0`

// Loopback in every spelling is private, everything else is not; connections and other ports do not count.
test('addresses beyond loopback are found', () => {
  const table = [
    HEAD,
    line('0100007F:1F90'),
    line('00000000:1F90'),
    line('0500000A:1F90'),
    line('00000000:1F91'),
    line('00000000:1F90', '01'),
    line('00000000000000000000000000000000:1F90'),
    line('00000000000000000000000001000000:1F90'),
    line('0000000000000000FFFF00000100007F:1F90'),
  ].join('\n')
  expect(exposedListeners(table, 8080)).toEqual(['0.0.0.0', '10.0.0.5', '::'])
})

const listenOn = (host: string): Promise<{ port: number; close: () => void }> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, host, () => {
      const address = server.address()
      resolve({ port: typeof address === 'object' && address !== null ? address.port : 0, close: () => server.close() })
    })
  })

// The kernel's own table is read as it is.
test.runIf(process.platform === 'linux')('a real listener is judged', async () => {
  const [own, open] = [await listenOn('127.0.0.1'), await listenOn('0.0.0.0')]
  expect(findExposure(own.port)).toEqual([])
  expect(findExposure(open.port)).toEqual(['0.0.0.0'])
  const { port } = own
  own.close()
  open.close()
  expect(findExposure(port)).toBeUndefined()
})
