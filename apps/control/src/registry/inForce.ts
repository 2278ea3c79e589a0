// From the database's rows to what rendering reads.
import type { Instance, Registration } from '@heddle/db'
import type { InstanceInForce } from '../render/model.ts'

/** A row of the registry, of which the database says whether callers get it. */
export function fromRow(row: Instance): InstanceInForce {
  return {
    instance: row.instance,
    service: row.service,
    version: row.version,
    inbound: row.inbound === null ? null : { address: row.inbound.address, port: row.inbound.port },
    hostId: row.hostId,
    isServing: row.offered,
  }
}

/** A connected proxy as it describes itself, before or without the database. */
export function fromRegistration(registration: Registration, isWithdrawn: boolean): InstanceInForce {
  const { inbound } = registration
  return {
    instance: registration.instance,
    service: registration.service,
    version: registration.version,
    inbound: inbound === null ? null : { address: inbound.address, port: inbound.port },
    hostId: registration.hostId,
    isServing: inbound !== null && registration.ready && !isWithdrawn,
  }
}
