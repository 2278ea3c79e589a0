// GET /api/health: 200 once the database answers and is the one that this console was built for, else 503 and why.
import { health } from '../../../server/health.ts'
import { getConsole } from '../../../server/singleton.ts'

export const dynamic = 'force-dynamic'

export async function GET(): Promise<Response> {
  const { ok, reason } = await health(await getConsole())
  return Response.json(
    { ok, reason },
    { status: ok ? 200 : 503, headers: { 'cache-control': 'no-store', ...(ok ? {} : { 'retry-after': '2' }) } },
  )
}
