// Calls to the console's tRPC API. What comes back is parsed by the schemas of packages/shared, and what goes wrong
// becomes advice. The router's types stay in the console: this client is untyped by choice.
import {
  apiTokenCreateOutputSchema,
  apiTokenListOutputSchema,
  applyOutputSchema,
  changesOutputSchema,
  deleteOutputSchema,
  getOutputSchema,
  revertOutputSchema,
  statEdgesOutputSchema,
  statRoutesOutputSchema,
  statServicesOutputSchema,
  statusOutputSchema,
  tokenCreateOutputSchema,
  tokenListOutputSchema,
  userListOutputSchema,
} from '@heddle/shared/api/index'
import { jsonTransformer } from '@heddle/shared/api/transformer'
import { ROLES } from '@heddle/shared/can'
import { createTRPCUntypedClient, httpLink } from '@trpc/client'
import { z } from 'zod'
import { AdviceError } from '../terminal/advice.ts'
import type { ConsoleConnection } from './connection.ts'
import { adviceFor } from './errors.ts'

/** A console that hangs is an error after this long; every procedure answers within a second. */
const TIMEOUT_MS = 30_000

const userLinkOutputSchema = z.object({ name: z.string(), link: z.string(), expiresAt: z.string() })
const invitationListOutputSchema = z.object({
  invitations: z.array(z.object({ name: z.string(), role: z.enum(ROLES), expiresAt: z.string() })),
})

const PROCEDURES = {
  'config.put': { type: 'mutation', output: applyOutputSchema },
  'config.diff': { type: 'query', output: applyOutputSchema },
  'config.get': { type: 'query', output: getOutputSchema },
  'config.delete': { type: 'mutation', output: deleteOutputSchema },
  'changes.list': { type: 'query', output: changesOutputSchema },
  'changes.revert': { type: 'mutation', output: revertOutputSchema },
  'stat.services': { type: 'query', output: statServicesOutputSchema },
  'stat.routes': { type: 'query', output: statRoutesOutputSchema },
  'stat.edges': { type: 'query', output: statEdgesOutputSchema },
  'status.get': { type: 'query', output: statusOutputSchema },
  'joinTokens.create': { type: 'mutation', output: tokenCreateOutputSchema },
  'joinTokens.list': { type: 'query', output: tokenListOutputSchema },
  'joinTokens.revoke': { type: 'mutation', output: z.unknown() },
  'users.list': { type: 'query', output: userListOutputSchema },
  'users.create': { type: 'mutation', output: userLinkOutputSchema },
  'users.reset': { type: 'mutation', output: userLinkOutputSchema },
  'users.setRole': { type: 'mutation', output: z.unknown() },
  'users.remove': { type: 'mutation', output: z.unknown() },
  'users.invitations': { type: 'query', output: invitationListOutputSchema },
  'users.withdraw': { type: 'mutation', output: z.unknown() },
  'apiTokens.create': { type: 'mutation', output: apiTokenCreateOutputSchema },
  'apiTokens.list': { type: 'query', output: apiTokenListOutputSchema },
  'apiTokens.revoke': { type: 'mutation', output: z.unknown() },
} as const satisfies Record<string, { type: 'query' | 'mutation'; output: z.ZodType }>
type Procedure = keyof typeof PROCEDURES
type Output<P extends Procedure> = z.infer<(typeof PROCEDURES)[P]['output']>

export interface ConsoleClient {
  /** Throws an AdviceError, whatever went wrong. */
  call<P extends Procedure>(procedure: P, input?: unknown, options?: { timeoutMs?: number }): Promise<Output<P>>
}

export function consoleClient({ url, token }: ConsoleConnection): ConsoleClient {
  const client = createTRPCUntypedClient({
    links: [
      httpLink({
        url: new URL('/api/trpc', url).href,
        transformer: jsonTransformer,
        // Documents to compare do not fit into a URL.
        methodOverride: 'POST',
        headers: { authorization: `Bearer ${token}` },
      }),
    ],
  })
  return {
    async call<P extends Procedure>(
      procedure: P,
      input?: unknown,
      { timeoutMs = TIMEOUT_MS }: { timeoutMs?: number } = {},
    ): Promise<Output<P>> {
      const { type, output } = PROCEDURES[procedure]
      let answer: unknown
      try {
        answer = await client[type](procedure, input, { signal: AbortSignal.timeout(timeoutMs) })
      } catch (error) {
        throw adviceFor(error, url)
      }
      const parsed = output.safeParse(answer)
      if (parsed.success) return parsed.data as Output<P>
      throw new AdviceError(`the console at ${url} answered ${procedure} in a form that this command does not know.`, {
        advice: 'Use the command and the console of one version.',
        cause: parsed.error,
      })
    },
  }
}
