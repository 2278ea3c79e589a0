// Which destination a name stands for, or why there is none.
import type { DestinationDocument } from '@heddle/shared/wire/config'
import type { MeshView } from '../interfaces.ts'

/** A name that nobody has answered for by then is not known. */
const RESOLVE_TIMEOUT_MS = 1_000

/** Of a name that the control plane has not denied. */
export type Destination = DestinationDocument & { service: string }

export type Located = Destination | 'destination_unknown' | 'no_such_service'

/** A promise only where the control plane has to be asked. */
export function locate(name: string, view: MeshView): Located | Promise<Located> {
  const document = view.destination(name)
  return document === undefined ? view.resolve(name, RESOLVE_TIMEOUT_MS).then(locatedIn) : locatedIn(document)
}

function locatedIn(document: DestinationDocument | undefined): Located {
  if (document === undefined) return 'destination_unknown'
  return isDestination(document) ? document : 'no_such_service'
}

function isDestination(document: DestinationDocument): document is Destination {
  return document.service !== null
}
