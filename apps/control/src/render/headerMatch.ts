// Header matches as proxies read them.
import type { RouteMatch } from '@heddle/shared/resources/httpRoute'
import type { WireMatch } from '@heddle/shared/wire/config'

/** A field name is compared without case: lower case once here instead of once per request. */
export function renderHeaders(headers: RouteMatch['headers'] = []): WireMatch['headers'] {
  return headers.map((header) => ({ ...header, name: header.name.toLowerCase() }))
}
