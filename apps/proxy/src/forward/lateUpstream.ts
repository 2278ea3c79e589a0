// An upstream that is loaded for the first request it gets: most proxies never see one of its kind, and have neither the
// time at their start nor the memory of it then.
import { classifyError, type Progress } from './classifyError.ts'
import { type Outcome, type Sending, sendingOf, type Upstream } from './upstream.ts'

const NOTHING_SENT: Progress = { isConnected: false, isReused: false, hasSentBytes: false, hasAnswerBytes: false }

/** To the application. `load` is called again only where it failed, which fails the requests that waited for it. */
export function lateUpstream(load: () => Promise<Upstream>): Upstream {
  let loading: Promise<Upstream> | undefined
  const loaded = (): Promise<Upstream> => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }
  return {
    send(request, inform) {
      const { promise, resolve } = Promise.withResolvers<Outcome>()
      const fail = (error: Error): void => resolve(classifyError(error, NOTHING_SENT, 'app'))
      let sending: Sending | undefined
      let isOver = false
      loaded()
        .then((upstream) => {
          if (isOver) return
          sending = upstream.send(request, inform)
          sending.whenSettled({ settled: resolve })
        })
        // Of the loading and of the sending: what is thrown here has nobody above it, and would end the process.
        .catch(fail)
      return sendingOf(promise, () => {
        isOver = true
        if (sending === undefined) fail(new Error('the request was broken off'))
        else sending.abort()
      })
    },
  }
}
