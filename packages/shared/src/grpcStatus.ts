// The statuses of gRPC (https://grpc.io/docs/guides/status-codes/), and what the mesh makes of each.

export const GRPC_STATUS = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  'invalid-argument': 3,
  'deadline-exceeded': 4,
  'not-found': 5,
  'already-exists': 6,
  'permission-denied': 7,
  'resource-exhausted': 8,
  'failed-precondition': 9,
  aborted: 10,
  'out-of-range': 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  'data-loss': 15,
  unauthenticated: 16,
} as const

export type GrpcStatusName = keyof typeof GRPC_STATUS

/** Those that say that the server, and not its caller, has failed: what 5xx are in HTTP. */
const FAILURES: ReadonlySet<number> = new Set([
  GRPC_STATUS.unknown,
  GRPC_STATUS['deadline-exceeded'],
  GRPC_STATUS.internal,
  GRPC_STATUS.unavailable,
  GRPC_STATUS['data-loss'],
])

export function isGrpcFailure(status: number): boolean {
  return FAILURES.has(status)
}

/** "unavailable, resource-exhausted" as numbers; undefined where a name is none. */
export function parseGrpcStatuses(text: string): number[] | undefined {
  const statuses: number[] = []
  for (const name of text.split(',').map((part) => part.trim())) {
    if (!isGrpcStatusName(name)) return undefined
    statuses.push(GRPC_STATUS[name])
  }
  return statuses
}

/** As gRPC writes it, "RESOURCE_EXHAUSTED"; the number itself where there is no such status. */
export function grpcStatusText(status: number): string {
  const name = Object.entries(GRPC_STATUS).find(([, code]) => code === status)?.[0]
  return name === undefined ? String(status) : name.toUpperCase().replaceAll('-', '_')
}

function isGrpcStatusName(text: string): text is GrpcStatusName {
  return Object.hasOwn(GRPC_STATUS, text)
}
