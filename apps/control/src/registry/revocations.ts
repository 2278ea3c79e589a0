// Identities that are not believed any more, whatever their certificates say.
import type { Revocation } from '@heddle/db'

export class Revocations {
  readonly services: ReadonlySet<string>
  readonly instances: ReadonlySet<string>

  constructor(rows: readonly Pick<Revocation, 'kind' | 'name'>[]) {
    this.services = new Set(rows.filter(({ kind }) => kind === 'service').map(({ name }) => name))
    this.instances = new Set(rows.filter(({ kind }) => kind === 'instance').map(({ name }) => name))
  }

  has({ service, instance }: { service: string; instance: string }): boolean {
    return this.services.has(service) || this.instances.has(instance)
  }

  isSame(other: Revocations): boolean {
    const isEqual = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
      a.size === b.size && [...a].every((name) => b.has(name))
    return isEqual(this.services, other.services) && isEqual(this.instances, other.instances)
  }
}
