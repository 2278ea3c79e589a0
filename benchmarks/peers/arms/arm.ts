// What the bench asks of everyone whom it measures. Each arm can start three roles of its proxy:
//   client  takes plain HTTP/1.1 on loopback and calls the server side over mTLS, as a proxy beside the caller does
//   server  takes mTLS from the client side and calls the backend in clear text
//   hop     takes plain HTTP/1.1 and calls the backend in clear text: one proxy alone
import type { Credentials } from '../certificates.ts'
import type { Cores } from '../machine.ts'

export const ARM_NAMES = ['heddle', 'nginx', 'haproxy', 'envoy', 'http-proxy-3', 'direct'] as const
export type ArmName = (typeof ARM_NAMES)[number]

/** The service that is called, whoever stands before it, and the header that its one route wants. */
export const HOST = 'bench'
export const ROUTE_HEADER = { name: 'x-bench', value: 'on' } as const
/** Whose certificate the client side shows; the one caller that the access rule lets in. */
export const CALLER = 'caller'
/** The server side's name in its certificate and in SNI. */
export const SERVER_NAME = `${HOST}.mesh`

export type Role = 'client' | 'server' | 'hop'

/** What is called and answered: HTTP/1.1, or gRPC, for which both ends speak HTTP/2 in clear. */
export type Protocol = 'http' | 'grpc'

/** What is the same for all arms. */
export interface Bed {
  /** An empty one of the arm's own. */
  directory: string
  cores: Cores | null
  backendPort: number
  /** Of the backend that answers calls of gRPC. */
  grpcPort: number
}

export interface RunningProxy extends AsyncDisposable {
  readonly port: number
  /** From the start of its command to the first answer through it (a server's: to its open port), milliseconds. */
  readonly startMs: number
  /** The processes that are the proxy, asked anew each time: their CPU and memory count. */
  pids(): number[]
  /** Those that only watch over it. */
  supervisors(): number[]
}

export interface OpenArm extends AsyncDisposable {
  /** As the program itself says. */
  readonly version: string
  startServer(protocol: Protocol): Promise<RunningProxy>
  startClient(server: RunningProxy, protocol: Protocol): Promise<RunningProxy>
  startHop(): Promise<RunningProxy>
  /** With which anyone can open a connection to the server side; null: there is none. */
  callerCredentials(): Credentials | null
  /** What runs beside the proxies for them (a control plane, its database, its console). */
  companions(): number[]
}

export interface Arm {
  readonly name: ArmName
  /** Why it cannot be measured here, a sentence; null: it can. */
  missing(): string | null
  open(bed: Bed): Promise<OpenArm>
}
