// What would refuse `heddle up` is told before the console is built, which takes a minute in a fresh clone. `up` itself looks
// again: meanwhile somebody else may have come.
import type { Home } from '../home.ts'
import { needPort } from './ports.ts'
import { refuseSecond } from './upFile.ts'
import type { UpOptions } from './upOptions.ts'

export async function lookBeforeBuild(
  { consolePort, controlPort, listen }: Pick<UpOptions, 'consolePort' | 'controlPort' | 'listen'>,
  home: Home,
): Promise<void> {
  refuseSecond(home)
  await needPort(consolePort, listen, '--console-port')
  await needPort(controlPort, listen, '--control-port')
}
