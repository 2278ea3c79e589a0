// How the mesh's own answers look on the wire: `x-heddle-error`, problem details, and nothing that could be cached.
import { MESH_ERROR_HEADER, MESH_ERRORS, type MeshErrorCode, problemOf } from '@heddle/shared/errors'
import { answerHead } from './answerHead.ts'
import type { HeaderList, RequestHead } from './exchange.ts'

/** Why what came is not served. */
export interface Refusal {
  code: MeshErrorCode
  detail: string
}

export function isRefusal(decoded: RequestHead | Refusal): decoded is Refusal {
  return 'code' in decoded
}

export interface RefusalAnswer {
  status: number
  headers: string[]
  body: Buffer
}

export function refusalAnswer(code: MeshErrorCode, detail?: string, extra: HeaderList = []): RefusalAnswer {
  const body = Buffer.from(`${JSON.stringify(problemOf(code, detail))}\n`)
  return {
    status: MESH_ERRORS[code].status,
    headers: [
      MESH_ERROR_HEADER,
      code,
      'content-type',
      'application/problem+json',
      'cache-control',
      'no-store',
      'content-length',
      String(body.length),
      ...extra,
    ],
    body,
  }
}

/** A whole answer as bytes, after which its connection ends. `method`: of what was asked; `date`: the Date field. */
export function lastAnswer(
  { code, detail }: { code: MeshErrorCode; detail?: string | undefined },
  method: string,
  date: string,
): Buffer {
  const { status, headers, body } = refusalAnswer(code, detail)
  const facts = { method, minor: 1, status, statusText: '', headers, keepsAlive: false, idleMs: 0, date } as const
  const head = Buffer.from(answerHead(facts).text, 'latin1')
  return method === 'HEAD' ? head : Buffer.concat([head, body])
}
