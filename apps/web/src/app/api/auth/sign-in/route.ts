// POST /api/auth/sign-in {name, password}
import { signIn } from '../../../../auth/signIn.ts'
import { getConsole } from '../../../../server/singleton.ts'

export const dynamic = 'force-dynamic'

export async function POST(request: Request): Promise<Response> {
  return signIn(await getConsole(), request)
}
