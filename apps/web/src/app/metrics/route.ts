// GET /metrics: the console's own process for Prometheus. No names of services, so it needs no session.
import { getConsole } from '../../server/singleton.ts'

export const dynamic = 'force-dynamic'

export async function GET(): Promise<Response> {
  const { observations } = await getConsole()
  return new Response(await observations.text(), { headers: { 'content-type': observations.contentType } })
}
