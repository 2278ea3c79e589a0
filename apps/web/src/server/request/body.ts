// Reads a request's body with a limit: what is longer is refused before it is kept.

export async function readJsonBody(
  request: Request,
  largestBytes: number,
): Promise<{ json: unknown } | { refused: number }> {
  if (!isJson(request.headers)) return { refused: 415 }
  const text = await readText(request, largestBytes)
  if (text === null) return { refused: 413 }
  try {
    return { json: JSON.parse(text) }
  } catch {
    return { refused: 400 }
  }
}

export function isJson(headers: Headers): boolean {
  return /^application\/json(?:\s*;|$)/i.test(headers.get('content-type') ?? '')
}

/** null: longer than allowed. */
export async function readText(request: Request, largestBytes: number): Promise<string | null> {
  if (Number(request.headers.get('content-length') ?? 0) > largestBytes) return null
  if (request.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of request.body) {
    bytes += chunk.byteLength
    if (bytes > largestBytes) return null
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
