// Security headers of every page (Next's `proxy` runs before a page is rendered). Scripts need this response's nonce;
// styles may be inline, since React and charts set them on elements; nothing is loaded from elsewhere or framed.
import { type NextRequest, NextResponse } from 'next/server'
import { contentSecurityPolicy } from './server/request/contentSecurityPolicy.ts'
import { strictTransportSecurity } from './server/request/strictTransport.ts'

export function proxy(request: NextRequest): NextResponse {
  const nonce = crypto.randomUUID().replaceAll('-', '')
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === 'development')
  const headers = new Headers(request.headers)
  // Next reads the nonce from here and puts it on its own scripts.
  headers.set('content-security-policy', policy)
  headers.set('x-nonce', nonce)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  const transport = strictTransportSecurity(process.env.HEDDLE_CONSOLE_URL)
  if (transport !== null) response.headers.set('strict-transport-security', transport)
  return response
}

export const config = { matcher: ['/((?!api/|_next/static/|metrics$|favicon.ico$).*)'] }
