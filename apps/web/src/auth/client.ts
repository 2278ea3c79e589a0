// Signing in and out from the browser. Names, not e-mail addresses, are what people type; the server knows both.

export type SignInResult = { ok: true } | { ok: false; message: string }

export async function signIn(name: string, password: string): Promise<SignInResult> {
  const answer = await post('/api/auth/sign-in', { name, password })
  if (answer === undefined) return { ok: false, message: 'The console does not answer. Is it running? Try again.' }
  if (answer.ok) return { ok: true }
  switch (answer.status) {
    case 429:
      return { ok: false, message: 'Too many tries at this moment. Try again in a few seconds.' }
    case 400:
    case 401:
    case 403:
      return { ok: false, message: 'Name or password is wrong.' }
    default:
      return { ok: false, message: 'The console cannot check passwords now; its database may be away. Try again.' }
  }
}

/** Ends the session on the server; the caller then loads /sign-in. */
export async function signOut(): Promise<void> {
  await post('/api/auth/sign-out', {})
}

async function post(path: string, body: unknown): Promise<Response | undefined> {
  try {
    return await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  } catch {
    return undefined
  }
}
