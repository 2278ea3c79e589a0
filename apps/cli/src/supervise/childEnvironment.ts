// The environment of Heddle's own processes: the user's, without what is meant for the user's programs.

type Variables = Readonly<Record<string, string | undefined>>

/** Options for the user's own Node, and a proxy that ours must not call themselves through. */
const NOT_OURS = ['NODE_OPTIONS', 'NODE_USE_ENV_PROXY', 'NODE_EXTRA_CA_CERTS', 'NODE_TLS_REJECT_UNAUTHORIZED']

/** They hold passwords: who needs the database is told so, and nobody else has the URL in its environment. */
const DATABASES = ['DATABASE_URL', 'CONSOLE_DATABASE_URL']

const DROPPED = [...NOT_OURS, ...DATABASES]

/** `set` on top of `variables`, whose own HEDDLE_* are dropped: each process gets exactly what it is told. */
export function childEnvironment(
  variables: Variables,
  compileCacheDirectory: string,
  set: Variables,
): Record<string, string | undefined> {
  const inherited = Object.entries(variables).filter(([name]) => !name.startsWith('HEDDLE_') && !DROPPED.includes(name))
  return { ...Object.fromEntries(inherited), NODE_COMPILE_CACHE: compileCacheDirectory, ...set }
}
