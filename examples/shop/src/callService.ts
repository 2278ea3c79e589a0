// Calls between the services of the shop: plain `http://name/path`, as if each name were a host. That is all they know.
import { HttpError } from './httpServer.ts'

/** Ten seconds without an answer is no answer. */
const TIMEOUT_MS = 10_000

/** The JSON answer; throws an HttpError, 502 for a service that cannot be reached, else with the service's status. */
export async function callService(url: string, init: { method?: string; body?: unknown } = {}): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(url, {
      method: init.method ?? 'GET',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(init.body === undefined
        ? {}
        : { body: JSON.stringify(init.body), headers: { 'content-type': 'application/json' } }),
    })
  } catch (error) {
    throw new HttpError(502, `${url} cannot be reached: ${error instanceof Error ? error.message : String(error)}`)
  }
  const text = await response.text()
  if (!response.ok)
    throw new HttpError(response.status, `${url} answered ${response.status}: ${text.slice(0, 200).trim()}`)
  try {
    return JSON.parse(text)
  } catch {
    throw new HttpError(502, `${url} did not answer with JSON`)
  }
}
