// What every command that speaks to the console starts from.
import { type ConsoleClient, consoleClient } from '../console/client.ts'
import { findConsole } from '../console/connection.ts'
import { type Environment, readEnvironment } from '../environment.ts'
import { type Home, homeAt } from '../home.ts'
import { type Terminal, terminal } from '../terminal/print.ts'

export interface Context {
  environment: Environment
  home: Home
  terminal: Terminal
  /** Of the console. */
  url: string
  client: ConsoleClient
}

export function contextHere(): Context {
  const environment = readEnvironment()
  const home = homeAt(environment.home)
  const connection = findConsole(environment, home)
  return { environment, home, terminal, url: connection.url, client: consoleClient(connection) }
}
