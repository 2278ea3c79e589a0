// Readiness of this instance as the app behind it decides it, told to whoever asks (/ready), to the control plane,
// and to the process that started this one.
import type { ProxyConfig } from '../config.ts'
import type { ControlSession } from '../control/session.ts'
import type { AppHealth } from './appHealth.ts'
import { AppProbe } from './appProbe.ts'
import type { Readiness } from './readiness.ts'

/** A client is ready with its proxy; a server when its app is. Ends with the disposal. */
export function watchApp(
  { appPort, readyPath }: Pick<ProxyConfig, 'appPort' | 'readyPath'>,
  readiness: Readiness,
  session: ControlSession,
  onChange: (health: AppHealth) => void,
): Disposable {
  if (appPort === null) {
    session.setReady(true, undefined)
    return { [Symbol.dispose]() {} }
  }
  readiness.await('the app', 'not asked yet')
  const probe = new AppProbe({
    port: appPort,
    readyPath,
    onChange: (health) => {
      const { isReady, reason } = health
      if (isReady) readiness.met('the app')
      else readiness.await('the app', reason ?? '')
      session.setReady(isReady, reason ?? undefined)
      onChange(health)
    },
  })
  probe.start()
  return probe
}
