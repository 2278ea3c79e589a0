// The console's API: tRPC, see src/server/router.ts for its procedures.
import { handleTrpc } from '../../../../server/request/trpcHandler.ts'
import { getConsole } from '../../../../server/singleton.ts'

export const dynamic = 'force-dynamic'

async function handle(request: Request): Promise<Response> {
  return handleTrpc(await getConsole(), request)
}

export { handle as GET, handle as POST }
