// A real Postgres from npm, beside Heddle.

export interface EmbeddedPostgresOptions {
  /** Made if missing (0700). Holds the data and the connection URL (0600). */
  directory: string
  /** Kept from the last start, or picked, unless told. */
  port?: number
  log: (line: string) => void
}

export interface EmbeddedPostgres {
  /** Database `heddle` as its owner: for the control plane. May create the console's role. */
  readonly url: string
  readonly superuserUrl: string
  /** A role and password for CONSOLE_DATABASE_URL, kept like the other; the control plane creates and limits it. */
  readonly consoleUrl: string
  readonly pid: number
  /** Resolves when the server has ended, whoever ended it, with its exit code or signal. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** Fast shutdown (SIGINT): sessions end, data is safe. */
  stop(): Promise<void>
}

/** Throws an error that says what to do: port busy, disk full, data of another major version, a server still running. */
export function startEmbeddedPostgres(_options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  throw new Error('not written yet')
}
