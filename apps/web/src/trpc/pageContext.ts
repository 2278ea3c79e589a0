// The context of procedures that a page calls while it renders: made once per request, or every prefetch would ask for
// the session anew.
import 'server-only'
import { headers } from 'next/headers'
import { cache } from 'react'
import { type ConsoleContext, contextOf } from '../server/context.ts'
import { getConsole } from '../server/singleton.ts'

export const pageContext = cache(
  async (): Promise<ConsoleContext> => contextOf(await getConsole(), new Headers(await headers())),
)
