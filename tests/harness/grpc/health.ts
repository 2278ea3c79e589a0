// The public health service of gRPC (https://github.com/grpc/grpc/blob/master/doc/health-checking.md): two messages of one
// field each, written and read by hand.
import type { MethodDefinition } from '@grpc/grpc-js'

export const SERVING_STATUS = { unknown: 0, serving: 1, notServing: 2, serviceUnknown: 3 } as const

/** Field 1 of a message as Protocol Buffers write it: length-delimited, and as a varint. */
const TEXT_FIELD = 0x0a
const NUMBER_FIELD = 0x08

/** A server of grpc-js takes a message that is falsy for none: so they are objects. `service`: shorter than 128 octets. */
export interface HealthRequest {
  service: string
}

export interface HealthResponse {
  status: number
}

function requestBytes({ service }: HealthRequest): Buffer {
  const text = Buffer.from(service)
  return text.length === 0 ? text : Buffer.concat([Buffer.from([TEXT_FIELD, text.length]), text])
}

function readRequest(bytes: Buffer): HealthRequest {
  return { service: bytes[0] === TEXT_FIELD ? bytes.subarray(2, 2 + (bytes[1] ?? 0)).toString() : '' }
}

function responseBytes({ status }: HealthResponse): Buffer {
  return status === 0 ? Buffer.alloc(0) : Buffer.from([NUMBER_FIELD, status])
}

function readResponse(bytes: Buffer): HealthResponse {
  return { status: bytes[0] === NUMBER_FIELD ? (bytes[1] ?? 0) : 0 }
}

const method = (name: string, responseStream: boolean): MethodDefinition<HealthRequest, HealthResponse> => ({
  path: `/grpc.health.v1.Health/${name}`,
  requestStream: false,
  responseStream,
  requestSerialize: requestBytes,
  requestDeserialize: readRequest,
  responseSerialize: responseBytes,
  responseDeserialize: readResponse,
})

/** From the name of a service to its status; '' is the whole server. */
export const HEALTH = { Check: method('Check', false), Watch: method('Watch', true) } as const
