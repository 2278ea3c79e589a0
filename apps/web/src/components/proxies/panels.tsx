// Above the proxies: how the last changes spread, how late each proxy acknowledged what it got last, what is left of the
// certificates. Each says in words what its picture shows.
'use client'
import { memo, type ReactNode } from 'react'
import { useNow } from '@/components/frame/clock'
import { TextLink } from '@/components/frame/link'
import { tickOf, useLive } from '@/components/frame/live'
import { isSame } from '@/data/isSame'
import { DASH, formatCount, formatLatency, formatRevision, plural, quantityText } from '@/data/numbers'
import { type Certificates, DELAY_TICKS, delayPlace, LIFE_BARS } from '@/data/proxyPanels'
import { lengthText } from '@/data/timeRange'
import { routes } from '@/lib/routes'
import type { ProxiesListOutput } from '@/server/schemas/proxies'
import { CERTIFICATE_CLOCK_MS } from './proxyRow'

const SPREADS_SHOWN = 5
const WIDTH = 300
const HEIGHT = 96

export function ProxyPanels({ delays, certificates }: Readonly<Pick<ProxiesListOutput, 'delays' | 'certificates'>>) {
  return (
    <div className="mb-4 flex border-line border-b pb-4 max-lg:flex-col max-lg:gap-5">
      <Spreads />
      <Delays delays={delays} />
      <Panel title="Certificates" note={certificates === null ? 'none is known' : <Ends {...certificates.first} />}>
        {certificates !== null && <LifeBars certificates={certificates} />}
      </Panel>
    </div>
  )
}

interface PanelProps {
  title: string
  note: ReactNode
  children: ReactNode
}

function Panel({ title, note, children }: Readonly<PanelProps>) {
  return (
    <section
      aria-label={title}
      className="min-w-0 flex-1 lg:border-line lg:border-l lg:px-6 lg:last:pr-0 lg:first:border-l-0 lg:first:pl-0"
    >
      <div className="mb-2 flex flex-wrap items-baseline justify-between gap-x-3">
        <h2 className="font-semibold">{title}</h2>
        <span className="text-12 text-ink-2">{note}</span>
      </div>
      {children}
    </section>
  )
}

/** A change that reached no proxy, such as an owner's name, has nothing to spread. */
function Spreads() {
  const tick = useLive(tickOf)
  const spreads = (tick?.spreads ?? []).filter(({ holders }) => holders > 0).slice(0, SPREADS_SHOWN)
  return (
    <Panel title="How changes spread" note="to the last proxy that holds it">
      {spreads.length === 0 && <p className="text-ink-2">No change has been sent since the control plane started.</p>}
      <ul>
        {spreads.map(({ revision, acknowledged, holders, lastAckMs }) => {
          const isDone = acknowledged >= holders
          return (
            <li key={revision} className="flex min-h-6 items-center gap-3">
              <TextLink href={routes.change(revision)} className="w-14">
                {formatRevision(revision)}
              </TextLink>
              <svg
                viewBox={`0 0 ${WIDTH} 8`}
                height={8}
                preserveAspectRatio="none"
                aria-hidden
                className="min-w-0 flex-1"
              >
                <path d={`M0 4H${WIDTH}`} stroke="var(--line)" />
                <path
                  d={`M0 4H${Math.max(2, delayPlace(lastAckMs ?? 0) * WIDTH)}`}
                  stroke={isDone ? 'var(--c-p95)' : 'var(--warn)'}
                  strokeWidth={3}
                />
              </svg>
              <span className={`w-16 text-right ${isDone ? 'text-ink-2' : 'font-medium text-warn-text'}`}>
                {formatCount(acknowledged)}/{formatCount(holders)}
              </span>
              <span className="w-16 text-right">{lastAckMs === null ? DASH : delayText(lastAckMs)}</span>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}

const delayText = (ms: number) => quantityText(formatLatency(Math.max(1, Math.round(ms))))

const Delays = memo(function Delays({ delays: { places, slowest } }: Readonly<Pick<ProxiesListOutput, 'delays'>>) {
  const line = places.map((place) => `M${(place * WIDTH).toFixed(1)} 22V${HEIGHT - 26}`).join('')
  return (
    <Panel title="Acknowledgement delay" note="one tick is one proxy’s last">
      {slowest === null ? (
        <p className="text-ink-2">Nobody has acknowledged anything yet.</p>
      ) : (
        <>
          <svg
            viewBox={`0 0 ${WIDTH} ${HEIGHT - 20}`}
            preserveAspectRatio="none"
            aria-hidden
            className="h-[76px] w-full"
          >
            {DELAY_TICKS.map((ms) => (
              <path
                key={ms}
                d={`M${delayPlace(ms) * WIDTH} 14V${HEIGHT - 20}`}
                stroke="var(--line)"
                vectorEffect="non-scaling-stroke"
              />
            ))}
            <path d={line} stroke="var(--c-p95)" strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
          </svg>
          <div aria-hidden className="flex justify-between text-12 text-ink-2">
            {DELAY_TICKS.map((ms) => (
              <span key={ms}>
                {quantityText({ text: String(ms < 1_000 ? ms : ms / 1_000), unit: ms < 1_000 ? 'ms' : 's' })}
              </span>
            ))}
          </div>
          <p className="mt-1 truncate text-12 text-ink-2">
            slowest <code className="font-mono">{slowest.instance}</code>,{' '}
            <span className="text-ink">{delayText(slowest.ms)}</span>
          </p>
        </>
      )}
    </Panel>
  )
}, isSame)

function Ends({ instance, expiresAt }: Readonly<Certificates['first']>) {
  const now = useNow(CERTIFICATE_CLOCK_MS)
  if (now === null) return null
  if (expiresAt <= now) return <span className="font-medium text-fail-text">{instance} has ended</span>
  return `first to end in ${lengthText(expiresAt - now)}`
}

const LifeBars = memo(function LifeBars({
  certificates: { bars, lateBars, lifeMs },
}: Readonly<{ certificates: Certificates }>) {
  const most = Math.max(1, ...bars)
  const step = WIDTH / LIFE_BARS
  const bar = (from: number, to: number) =>
    bars
      .map((count, i) => {
        const height = count === 0 ? 0 : Math.max(3, (count / most) * (HEIGHT - 36))
        return i < from || i >= to || count === 0
          ? ''
          : `M${(i * step + 0.6).toFixed(1)} ${HEIGHT - 20}v${-height.toFixed(1)}h${(step - 1.2).toFixed(1)}v${height.toFixed(1)}Z`
      })
      .join('')
  const late = bars.slice(0, lateBars).reduce((sum, count) => sum + count, 0)
  return (
    <>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT - 20}`} preserveAspectRatio="none" aria-hidden className="h-[76px] w-full">
        <path
          d={`M${WIDTH / 2} 4V${HEIGHT - 20}`}
          stroke="var(--text-3)"
          strokeDasharray="2 3"
          vectorEffect="non-scaling-stroke"
        />
        <path d={bar(lateBars, LIFE_BARS)} fill="var(--control)" />
        <path d={bar(0, lateBars)} fill="var(--warn)" />
        <path d={`M0 ${HEIGHT - 20.5}H${WIDTH}`} stroke="var(--line-strong)" vectorEffect="non-scaling-stroke" />
      </svg>
      <div aria-hidden className="flex justify-between text-12 text-ink-2">
        <span>0</span>
        <span>half of its life</span>
        <span>{lengthText(lifeMs)}</span>
      </div>
      <p className="mt-1 text-12 text-ink-2">
        renewed there
        {late > 0 && <span className="font-medium text-warn-text">; {plural(late, 'is', 'are')} late</span>}
      </p>
    </>
  )
}, isSame)
