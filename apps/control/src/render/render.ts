// One entrance to the renderers: a document by its name.
import type { WireDocument } from '@heddle/shared/wire/config'
import type { DocumentName } from './affected.ts'
import { renderDestination, renderEndpoints, renderInbound, renderMesh } from './documents.ts'
import type { MeshModel } from './model.ts'

/** `hostId` decides about loopback endpoints and nothing else; see `endpointsVariant`. */
export function renderDocument(model: MeshModel, name: DocumentName, hostId: string | null): WireDocument {
  switch (name.kind) {
    case 'mesh':
      return renderMesh(model)
    case 'inbound':
      return renderInbound(model, name.service)
    case 'destination':
      return renderDestination(model, name.name)
    case 'endpoints':
      return renderEndpoints(model, name.service, hostId)
  }
}
