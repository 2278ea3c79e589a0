// What the server's programs get of this process' environment: nothing that could carry a secret.

/** English messages, since failures are told apart by them. NODE_ENV is there for the console's types, which demand it. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { LC_ALL: 'C', PATH: process.env.PATH, NODE_ENV: process.env.NODE_ENV }
}
