// POST /api/auth/sign-out
import { signOut } from '../../../../auth/signIn.ts'
import { getConsole } from '../../../../server/singleton.ts'

export const dynamic = 'force-dynamic'

export async function POST(request: Request): Promise<Response> {
  return signOut(await getConsole(), request)
}
