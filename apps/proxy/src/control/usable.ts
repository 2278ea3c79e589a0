// What the schemas cannot say about a message of config: that the request path will be able to use it. Pure.
import { isRegularExpression } from '@heddle/shared/resources/regularExpression'
import { documentName, type WireDocument, type WireRoute } from '@heddle/shared/wire/config'

/** The first reason why these documents cannot be put into force, or undefined. */
export function unusable(documents: readonly WireDocument[]): string | undefined {
  const seen = new Set<string>()
  for (const document of documents) {
    const name = documentName(document)
    if (seen.has(name)) return `${name} comes twice`
    seen.add(name)
    const routes = document.kind === 'destination' || document.kind === 'inbound' ? document.routes : []
    const expression = badExpression(routes)
    if (expression !== undefined) return `${name} has a regular expression that cannot be compiled: ${expression}`
  }
  return undefined
}

function badExpression(routes: readonly WireRoute[]): string | undefined {
  for (const { rules } of routes) {
    for (const { matches } of rules) {
      for (const { headers, queryParams } of matches) {
        const bad = [...headers, ...queryParams].find(
          ({ type, value }) => type === 'RegularExpression' && !isRegularExpression(value),
        )
        if (bad !== undefined) return bad.value
      }
    }
  }
  return undefined
}
