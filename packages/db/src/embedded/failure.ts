// What Postgres says when it does not start, turned into what to do about it.

const KNOWN: readonly [RegExp, string][] = [
  [/No space left on device|Disk quota exceeded/i, 'The disk is full. Free some space, then start again.'],
  [
    /could not bind|Address already in use/i,
    'Its port is taken by another program. End that one, or choose another port for the embedded Postgres.',
  ],
  [
    /lock file "postmaster\.pid" already exists/i,
    'Another process uses its data directory. End that one, then start again.',
  ],
  [
    /database files are incompatible|was initialized by PostgreSQL version/i,
    'Its data was made by another major version of Postgres. Dump it with that version, or move the directory away to begin anew.',
  ],
  [/Read-only file system/i, 'Its directory is on a read-only file system.'],
  [
    /could not create shared memory|could not map anonymous shared memory|No space left.*shared memory/i,
    'The system has too little shared memory.',
  ],
  [/error while loading shared libraries|not found \(required by/i, 'A library that its program needs is missing.'],
]

/** The last lines are kept as the cause: they are Postgres' own words. */
export function explainFailure(what: string, output: string): Error {
  const known = KNOWN.find(([pattern]) => pattern.test(output))
  const lines = output.trim().split('\n').slice(-8).join('\n')
  return new Error(`The embedded Postgres did not start: ${known?.[1] ?? what}`, { cause: new Error(lines) })
}

export function wrongVersion(data: string, found: string, needed: string): Error {
  return new Error(
    `The embedded Postgres did not start: its data in ${data} was made by Postgres ${found}, and this Heddle brings ` +
      `Postgres ${needed}. Dump it with the older version, or move the directory away to begin anew.`,
  )
}
