// The environment of a mesh under test: this process's, without what would lead its commands to another mesh.

/** What a user's shell may hold of a mesh of their own, in production perhaps: a test must never change that one. */
const OF_OTHER_MESHES = [
  'HEDDLE_URL',
  'HEDDLE_TOKEN',
  'HEDDLE_CONTROL',
  'HEDDLE_JOIN_TOKEN',
  'DATABASE_URL',
  'CONSOLE_DATABASE_URL',
]

export function meshEnvironment(variables: NodeJS.ProcessEnv, home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(variables).filter(([name]) => !OF_OTHER_MESHES.includes(name))
  return { ...Object.fromEntries(kept), HEDDLE_HOME: home }
}
