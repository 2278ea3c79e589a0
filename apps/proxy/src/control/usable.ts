// What the schemas cannot say about a message of config: that the request path will be able to use it. Pure.
import { documentName, type WireDocument } from '@heddle/shared/wire/config'
import { compileAccess } from '../access/compile.ts'
import { compileRoutes } from '../route/compile.ts'

/** The first reason why these documents cannot be put into force, or undefined. */
export function unusable(documents: readonly WireDocument[]): string | undefined {
  const seen = new Set<string>()
  for (const document of documents) {
    const name = documentName(document)
    if (seen.has(name)) return `${name} comes twice`
    seen.add(name)
    try {
      compile(document)
    } catch (error) {
      return `${name} cannot be used: ${error instanceof Error ? error.message : String(error)}`
    }
  }
  return undefined
}

/** As the request path does it: what throws here would throw there for each request. */
function compile(document: WireDocument): void {
  if (document.kind === 'destination' || document.kind === 'inbound') compileRoutes(document.routes)
  if (document.kind === 'inbound') compileAccess(document.rules, document.defaultAccess)
}
