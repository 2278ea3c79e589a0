// What is made of the measurements, and how it is told. Pure.

/** Of issue and design: what each page's server time, the first load and a live tick may cost. */
export const TARGETS = { medianMs: 200, p99Ms: 500, scriptKb: 250, tickMs: 16 }

export interface PageMeasure {
  page: string
  /** The slowest answer of each visit, of the document and of every query: what the page waited for. */
  slowestMs: readonly number[]
  /** All answers of one visit. */
  answers: number
  bytes: number
  /** Queries that were answered with an error, over all visits. */
  errors: number
  /** Of each procedure, every answer's time. */
  procedures: Readonly<Record<string, readonly number[]>>
}

export interface LiveMeasure {
  page: string
  seconds: number
  /** Events that the page's stream brought. */
  ticks: number
  /** Main thread, all of it, while nobody touched the page. */
  taskMs: number
  longestTaskMs: number
}

export interface Results {
  at: string
  commit: string
  cpus: number
  loadBefore: number
  services: number
  pages: PageMeasure[]
  script: { files: number; rawKb: number; gzipKb: number }
  live: LiveMeasure[]
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN
}

const ms = (value: number): string => value.toFixed(0)
const verdict = (isMet: boolean): string => (isMet ? 'met' : 'MISSED')

export function tableOf(results: Results): string {
  const lines = [
    `# The console in front of ${results.services} services`,
    '',
    `${results.at}, commit ${results.commit}, ${results.cpus} processors, load ${results.loadBefore.toFixed(1)} before.`,
    'Server time of a page: its slowest answer, of the document and of each query, at the browser.',
    '',
    '| page | visits | median ms | p99 ms | ≤ 200 / ≤ 500 | answers | KB | slowest procedure (median ms) | errors |',
    '|---|---|---|---|---|---|---|---|---|',
  ]
  for (const page of results.pages) {
    const median = quantile(page.slowestMs, 0.5)
    const p99 = quantile(page.slowestMs, 0.99)
    const slowest = Object.entries(page.procedures)
      .map(([name, times]) => [name, quantile(times, 0.5)] as const)
      .toSorted((a, b) => b[1] - a[1])[0]
    const isMet = median <= TARGETS.medianMs && p99 <= TARGETS.p99Ms && page.errors === 0
    lines.push(
      `| ${page.page} | ${page.slowestMs.length} | ${ms(median)} | ${ms(p99)} | ${verdict(isMet)} | ${page.answers} | ` +
        `${ms(page.bytes / 1_024)} | ${slowest === undefined ? '' : `${slowest[0]} ${ms(slowest[1])}`} | ${page.errors} |`,
    )
  }
  const { script } = results
  lines.push(
    '',
    `First load: ${script.files} scripts, ${ms(script.rawKb)} KB, ${ms(script.gzipKb)} KB as gzip: target ` +
      `${TARGETS.scriptKb} KB, ${verdict(script.gzipKb <= TARGETS.scriptKb)}.`,
    '',
    '| live page | seconds | ticks | main thread ms per tick | longest task ms | ≤ 16 |',
    '|---|---|---|---|---|---|',
  )
  for (const live of results.live) {
    const perTick = live.ticks === 0 ? Number.NaN : live.taskMs / live.ticks
    lines.push(
      `| ${live.page} | ${live.seconds} | ${live.ticks} | ${perTick.toFixed(1)} | ${ms(live.longestTaskMs)} | ` +
        `${verdict(perTick <= TARGETS.tickMs)} |`,
    )
  }
  return `${lines.join('\n')}\n`
}
