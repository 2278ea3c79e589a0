// One stream (RFC 9113, 5.1). What its user sees is above, what its connection keeps of it below the line.

import type { Refusal } from '../http1/refusal.ts'
import type { FieldList } from '../http1/requestHead.ts'
import { BodyQueue } from './bodyQueue.ts'
import type { Fault } from './fault.ts'
import { ReceiveWindow, SendWindow } from './flow.ts'

export interface StreamFault extends Fault {
  /** Who ended it: the peer by RST_STREAM or GOAWAY, we for the peer's fault, or the end of the connection. */
  readonly by: 'peer' | 'us' | 'connection'
  /** The peer says that it has not looked at the request, which may be sent again anywhere (RFC 9113, 8.7). */
  readonly isUnprocessed: boolean
}

export class Stream<Head> {
  readonly id: number
  /** Of the request; with a client, the latest head of the answer. */
  head: Head | undefined
  /** Behind the body. */
  trailers: FieldList = []
  /** Why the request cannot be served, and with what status it is to be answered. */
  refusal: Refusal | undefined
  /** Why it ended before its time. */
  fault: StreamFault | undefined
  /** Nothing more will come of it, and nothing that is said of it has an effect. */
  isClosed = false
  hasReceivedAll = false
  hasSentAll = false
  /** Of a body that waits to be sent. */
  queuedBytes = 0

  // ---- the connection's

  readonly receiveWindow: ReceiveWindow
  readonly sendWindow: SendWindow
  /** Of the request that a client has sent. */
  method = ''
  interimHeads = 0
  receivedBytes = 0
  /** What the head has promised of the body; null where it has not. */
  expectedBytes: number | null = null
  /** What our head has promised and was not given to be sent yet; null where it has not. */
  owedBytes: number | null = null
  hasSentHead = false
  /** Its user has ended it, and is told no more of it. */
  isAbandoned = false
  /** What comes still is thrown away. */
  isDiscarding = false
  readonly queue = new BodyQueue()
  /** What ends our side behind the queue: a block of trailers, or '' for none; null where it goes on. */
  ending: string | null = null
  /** In line to send a frame. */
  isReady = false
  /** `send` has said to stop. */
  isFull = false

  constructor(id: number, { receiveBytes, sendBytes }: { receiveBytes: number; sendBytes: number }) {
    this.id = id
    this.receiveWindow = new ReceiveWindow(receiveBytes)
    this.sendWindow = new SendWindow(sendBytes)
  }
}
