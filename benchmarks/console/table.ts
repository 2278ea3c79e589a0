// The results as a page to read. Pure.
import {
  LEAST,
  type LiveMeasure,
  medianVerdict,
  type PageMeasure,
  p99Verdict,
  perTickMs,
  quantile,
  type Results,
  type ScriptMeasure,
  SIZE,
  scriptVerdict,
  TARGETS,
  type TrafficMeasure,
  tickVerdict,
} from './measures.ts'

const whole = (value: number): string => value.toFixed(0)
const kb = (bytes: number): string => whole(bytes / 1_024)
const row = (...cells: (string | number)[]): string => `| ${cells.join(' | ')} |`
const table = (head: string[], rows: string[]): string[] => [row(...head), row(...head.map(() => '---')), ...rows]

export function tableOf(results: Results): string {
  const { machine, mesh, pages, script, traffic, live, loadBefore, loadAfter } = results
  const state = machine === 'busy' ? '**busy**: other work took part in these numbers' : machine
  const days = mesh.hasOldMetrics ? `${SIZE.days} days of metrics` : `less than ${SIZE.days} days of metrics`
  const lines = [
    `# The console in front of ${mesh.services} services`,
    '',
    `${results.at}, commit ${results.commit}, ${results.cpus} processors; load ${loadBefore.toFixed(2)} before (${state}), ` +
      `${loadAfter.toFixed(2)} after. The mesh: ${mesh.proxies} proxies, ${mesh.routes} routes on the busiest service, ${days}.`,
    ...(pages.length === 0 ? [] : pagesTold(pages)),
    ...(script === null ? [] : scriptsTold(script)),
    ...(traffic === null ? [] : liveTold(traffic, live)),
  ]
  return `${lines.join('\n')}\n`
}

function pagesTold(pages: readonly PageMeasure[]): string[] {
  return [
    '',
    '## Pages',
    '',
    `Judged is the server's time. Median: of the slowest answer of each visit (at least ${LEAST.visits} visits). p99: of all`,
    `answers of all visits, the document's and every procedure's (at least ${LEAST.answers}). Procedures as the header`,
    'Server-Timing says, each as late as the batch it came in; documents until their first byte at the browser. Beside it, not',
    'judged, the whole page at the browser: its start, its scripts and its queueing on the same processors. No visit is left',
    'out for warming up.',
    '',
    ...table(
      [
        'page',
        'visits',
        'server median ms',
        `≤ ${TARGETS.medianMs}`,
        'answers',
        'server p99 ms',
        `≤ ${TARGETS.p99Ms}`,
        'slowest procedure (own median / p99 ms)',
        'document median ms',
        'browser median ms',
        'KB',
        'errors',
      ],
      pages.map(pageRow),
    ),
  ]
}

function scriptsTold(script: ScriptMeasure): string[] {
  return [
    '',
    '## Scripts',
    '',
    `First load of /services with a cold cache, judged by the bytes on the wire (target ${TARGETS.scriptKb} KB).`,
    '',
    ...table(
      ['scripts', 'KB on the wire', `≤ ${TARGETS.scriptKb}`, 'KB raw', 'KB with gzip'],
      [row(script.files, whole(script.wireKb), scriptVerdict(script), whole(script.rawKb), whole(script.gzipKb))],
    ),
  ]
}

function liveTold(traffic: TrafficMeasure, live: readonly LiveMeasure[]): string[] {
  return [
    '',
    '## Live',
    '',
    `Meanwhile ${traffic.proxies} synthetic proxies, each joined with a token and on a WebSocket of its own with its own`,
    `certificate, reported made-up calls to ${traffic.services} services every 5 s (${traffic.reports} reports acknowledged);`,
    'no call was made. A tick is a reading: what the page asks for upon a message of its stream that tells of new numbers; other messages',
    'only say how far a change has spread. Judged is what a tick and its queries cost the main thread beyond the rate at which the same page works between',
    'ticks (its clocks): its tasks by the clock of the thread, which stands while other processes have the processor.',
    'Beside it, not judged: the same by the clock on the wall, which on so few processors tells of the server that answers',
    'meanwhile; what the page does between ticks; all tasks of the time that it was watched; and the longest one.',
    '',
    ...table(
      [
        'page',
        'seconds',
        'ticks',
        'changes on the page per tick',
        'main thread CPU ms per tick',
        `≤ ${TARGETS.tickMs}`,
        'the same on the wall',
        'between ticks, CPU ms per second',
        'all tasks, CPU ms per tick',
        'all on the wall',
        'longest task CPU ms',
      ],
      live.map(liveRow),
    ),
  ]
}

function pageRow(measure: PageMeasure): string {
  const { page, visits, answersMs, procedures, bytes, errors } = measure
  const median = (of: 'serverMs' | 'documentMs' | 'browserMs'): string =>
    whole(
      quantile(
        visits.map((visit) => visit[of]),
        0.5,
      ),
    )
  const slowest = Object.entries(procedures).toSorted((a, b) => quantile(b[1], 0.5) - quantile(a[1], 0.5))[0]
  const [name, times] = slowest ?? ['–', []]
  return row(
    page,
    visits.length,
    median('serverMs'),
    medianVerdict(measure),
    answersMs.length,
    whole(quantile(answersMs, 0.99)),
    p99Verdict(measure),
    times.length === 0 ? name : `${name} ${whole(quantile(times, 0.5))} / ${whole(quantile(times, 0.99))}`,
    median('documentMs'),
    median('browserMs'),
    kb(bytes),
    errors.length,
  )
}

function liveRow(live: LiveMeasure): string {
  const { page, seconds, ticks, changes, cpu, wall, cpuMs, wallMs, longestTaskMs } = live
  const perTick = (value: number | undefined, digits: number): string =>
    ticks === 0 || value === undefined ? '–' : (value / ticks).toFixed(digits)
  return row(
    page,
    whole(seconds),
    ticks,
    perTick(changes, 0),
    ticks === 0 ? '–' : perTickMs(live).toFixed(1),
    tickVerdict(live),
    perTick(wall?.beyondMs, 1),
    cpu?.calmMsPerSecond.toFixed(1) ?? '–',
    perTick(cpuMs, 1),
    perTick(wallMs, 1),
    longestTaskMs?.toFixed(1) ?? '–',
  )
}
