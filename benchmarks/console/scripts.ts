// The scripts of a first load, by what the browser received.
import { gzipSync } from 'node:zlib'
import type { Browser, BrowserContext } from '@playwright/test'
import type { ScriptMeasure } from './measures.ts'
import { OpenRequests } from './settled.ts'

const KB = 1_024

/** In a context of its own, whose cache is empty; `signedIn` lends its session. */
export async function measureScripts(browser: Browser, signedIn: BrowserContext, url: string): Promise<ScriptMeasure> {
  const context = await browser.newContext({ storageState: await signedIn.storageState() })
  try {
    const page = await context.newPage()
    const cdp = await context.newCDPSession(page)
    const scripts = new Set<string>()
    const received = new Map<string, number>()
    cdp.on('Network.responseReceived', ({ requestId, type }) => {
      if (type === 'Script') scripts.add(requestId)
    })
    cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => received.set(requestId, encodedDataLength))
    await cdp.send('Network.enable')
    using open = new OpenRequests(page)
    await page.goto(url, { waitUntil: 'load' })
    await open.settled()
    const script: ScriptMeasure = { files: 0, wireKb: 0, rawKb: 0, gzipKb: 0 }
    for (const requestId of scripts) {
      const { body, base64Encoded } = await cdp.send('Network.getResponseBody', { requestId })
      const bytes = Buffer.from(body, base64Encoded ? 'base64' : 'utf8')
      script.files++
      script.wireKb += (received.get(requestId) ?? Number.NaN) / KB
      script.rawKb += bytes.length / KB
      script.gzipKb += gzipSync(bytes).length / KB
    }
    return script
  } finally {
    await context.close()
  }
}
