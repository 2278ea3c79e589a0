// A match of a GRPCRoute's rule as the fields of its editor, and back. An empty text is an absent field, which means any.
// Pure.
import type { GrpcMatch } from '@heddle/shared/resources/grpcRoute'
import { present } from './formText.ts'
import type { ValueMatchForm } from './routeForm.ts'

export interface GrpcMatchForm {
  /** Of service and method both. */
  rpc: { type: 'Exact' | 'RegularExpression'; service: string; method: string }
  headers: ValueMatchForm[]
}

export function newGrpcMatch(): GrpcMatchForm {
  return { rpc: { type: 'Exact', service: '', method: '' }, headers: [] }
}

export function grpcMatchForm({ method, headers }: GrpcMatch): GrpcMatchForm {
  const { type = 'Exact', service = '', method: name = '' } = method ?? {}
  return { rpc: { type, service, method: name }, headers: headers ?? [] }
}

export function grpcMatchOf({ rpc: { type, service, method }, headers }: GrpcMatchForm): unknown {
  const filled = (text: string) => (text === '' ? undefined : text)
  const isAny = service === '' && method === ''
  return present({
    method: isAny ? undefined : present({ type, service: filled(service), method: filled(method) }),
    headers: headers.length === 0 ? undefined : headers,
  })
}
