// What goes wrong, in the codes that RST_STREAM and GOAWAY carry (RFC 9113, 7). Whether a fault costs its stream or the
// connection is said by where it stands.

export const ERROR = {
  NO_ERROR: 0x0,
  PROTOCOL_ERROR: 0x1,
  INTERNAL_ERROR: 0x2,
  FLOW_CONTROL_ERROR: 0x3,
  SETTINGS_TIMEOUT: 0x4,
  STREAM_CLOSED: 0x5,
  FRAME_SIZE_ERROR: 0x6,
  REFUSED_STREAM: 0x7,
  CANCEL: 0x8,
  COMPRESSION_ERROR: 0x9,
  CONNECT_ERROR: 0xa,
  ENHANCE_YOUR_CALM: 0xb,
  INADEQUATE_SECURITY: 0xc,
  HTTP_1_1_REQUIRED: 0xd,
} as const

export interface Fault {
  /** One of ERROR, or what a peer made up. */
  readonly code: number
  /** A plain sentence, without anything that was sent. */
  readonly detail: string
}

export function protocolError(detail: string): Fault {
  return { code: ERROR.PROTOCOL_ERROR, detail }
}

export function flowError(detail: string): Fault {
  return { code: ERROR.FLOW_CONTROL_ERROR, detail }
}

/** Nothing that is forbidden, but more of it than anybody means. */
export function calm(detail: string): Fault {
  return { code: ERROR.ENHANCE_YOUR_CALM, detail }
}
