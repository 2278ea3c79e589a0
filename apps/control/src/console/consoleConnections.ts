// Consoles connected to this control plane. They listen; the one thing they ask for is the renewal of their own leaf.
import type { Clock } from '@heddle/shared/clock'
import { type ConsoleMessage, consoleUpMessageSchema } from '@heddle/shared/wire/console'
import { CLOSE_PROTOCOL } from '@heddle/shared/wire/messages'
import type { WebSocket } from 'ws'
import type { Renewals } from '../ca/renewal.ts'
import { MessageSocket } from '../listen/messageSocket.ts'
import { errorText, type Log } from '../log.ts'
import type { ConsoleStream } from './stream.ts'

export interface ConsoleConnectionsOptions {
  stream: ConsoleStream
  renewals: Renewals
  ttlMs: number
  clock: Clock
  log: Log
}

export function openConsole(webSocket: WebSocket, options: ConsoleConnectionsOptions): void {
  const { stream, renewals, ttlMs, clock, log } = options
  const renew = async (csr: string): Promise<ConsoleMessage> => {
    const renewed = await renewals.renew({ kind: 'console' }, csr, ttlMs)
    if ('refused' in renewed) return { type: 'renewal_refused', reason: renewed.refused }
    return { type: 'certificate', ...renewed }
  }
  const socket = new MessageSocket(webSocket, {
    clock,
    onText: (text) => {
      const request = parse(text)
      if (request === undefined) return socket.close(CLOSE_PROTOCOL, 'not a message of a console')
      renew(request.csr).then(
        (message) => socket.send(JSON.stringify(message)),
        (error: unknown) =>
          log('error', 'the certificate of the console could not be renewed', { reason: errorText(error) }),
      )
    },
    onClose: () => stream.closed(link),
  })
  const link = {
    send: (frame: string) => socket.send(frame),
    close: (code: number, reason: string) => socket.close(code, reason),
  }
  stream.open(link)
}

function parse(text: string) {
  try {
    return consoleUpMessageSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
