// Which calls of a rule a backend answered. Proxies count calls under the service that was called and the version that
// answered; so backends are told apart by version, and two services of one version name cannot be. Pure.

export interface Backend {
  /** null: the name does not exist. */
  service: string | null
  /** null: every version of the service. */
  version: string | null
}

export interface Attribution {
  /** Versions whose calls are this backend's alone. */
  versions: ReadonlySet<string>
  /** False: another backend of the rule has instances of the same version name, whose calls are left out of both. */
  isDistinct: boolean
}

/** For each backend, in order. `versionsOf`: versions that the instances of a service have. */
export function attribute(
  backends: readonly Backend[],
  versionsOf: (service: string) => Iterable<string>,
): Attribution[] {
  const candidates = backends.map(({ service, version }) =>
    service === null ? new Set<string>() : new Set(version === null ? versionsOf(service) : [version]),
  )
  return candidates.map((own, i) => {
    const shared = new Set([...own].filter((version) => candidates.some((other, j) => j !== i && other.has(version))))
    return { versions: new Set([...own].filter((version) => !shared.has(version))), isDistinct: shared.size === 0 }
  })
}
