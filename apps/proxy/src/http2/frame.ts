// The numbers of RFC 9113, 4 and 6.

export const FRAME = {
  DATA: 0x0,
  HEADERS: 0x1,
  PRIORITY: 0x2,
  RST_STREAM: 0x3,
  SETTINGS: 0x4,
  PUSH_PROMISE: 0x5,
  PING: 0x6,
  GOAWAY: 0x7,
  WINDOW_UPDATE: 0x8,
  CONTINUATION: 0x9,
} as const

export const FLAG = { ACK: 0x1, END_STREAM: 0x1, END_HEADERS: 0x4, PADDED: 0x8, PRIORITY: 0x20 } as const

export const FRAME_HEAD_BYTES = 9
/** What everybody takes, and all that is sent to those who have not allowed more (RFC 9113, 4.2). */
export const MAX_FRAME_BYTES = 16_384
/** Of a stream's id and of a flow-control window. */
export const MAX_31_BITS = 0x7fffffff

/** What a client says first (RFC 9113, 3.4). */
export const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
