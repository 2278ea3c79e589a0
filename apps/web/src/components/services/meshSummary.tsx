// Above the table: the whole mesh in three lines, the worst three with their reasons, the last changes.
'use client'
import { memo } from 'react'
import { Sparkline } from '@/components/charts/sparkline'
import { Link, TextLink } from '@/components/frame/link'
import { useMoment } from '@/components/frame/useMoment'
import { Measure } from '@/components/ui/numbers'
import { StatusMark, toneOf } from '@/components/ui/status'
import { isSame } from '@/data/isSame'
import { formatLatency, formatRate, formatRevision, formatSuccess, NBSP, quantityText } from '@/data/numbers'
import { lengthText } from '@/data/timeRange'
import { routes } from '@/lib/routes'
import type { ServicesListOutput } from '@/server/schemas/services'

export function MeshSummary({ list }: Readonly<{ list: ServicesListOutput }>) {
  const { mesh, worst, changes } = list
  const span = lengthText(list.range.to - list.range.from)
  const before = mesh.before.requests > 0 ? mesh.before : null
  const lines = [
    {
      label: 'Success',
      value: { text: formatSuccess(mesh.successRate), unit: mesh.successRate === null ? '' : '%' },
      earlier: before && formatSuccess(before.successRate),
      values: mesh.spark.successRate,
      color: 'var(--ok)',
    },
    {
      label: 'Volume',
      value: formatRate(mesh.requests === 0 ? 0 : mesh.requestsPerSecond),
      earlier: before && quantityText({ ...formatRate(before.requestsPerSecond), unit: '' }),
      values: mesh.spark.requestsPerSecond,
      color: 'var(--n-8)',
    },
    {
      label: 'p99',
      value: formatLatency(mesh.latencyMs.p99),
      earlier: before && quantityText(formatLatency(before.latencyMs.p99)),
      values: mesh.spark.p99Ms,
      color: 'var(--c-p99)',
    },
  ]
  return (
    <div className="flex border-line border-y py-4 max-xl:flex-col max-xl:gap-5 max-md:py-3">
      <section aria-label="Mesh" className="min-w-0 xl:w-[440px] xl:pr-6">
        <h2 className="mb-1.5 font-medium text-12 text-ink-2">Mesh, last {span}</h2>
        <dl>
          {lines.map((line) => (
            <div
              key={line.label}
              className="flex h-11 items-center max-md:border-line max-md:border-b max-md:last:border-b-0"
            >
              <dt className="w-[60px] shrink-0 text-ink-2">{line.label}</dt>
              <dd className="flex min-w-0 flex-1 items-center">
                <Measure value={line.value} className="w-28 shrink-0 font-medium text-20" />
                <Sparkline values={line.values} color={line.color} height={22} className="mr-4 min-w-0 flex-1" />
                {line.earlier !== null && (
                  <span className="w-[124px] shrink-0 whitespace-nowrap text-right text-12 text-ink-3 max-md:hidden">
                    {span} before {line.earlier}
                  </span>
                )}
              </dd>
            </div>
          ))}
        </dl>
      </section>
      <WorstNow worst={worst} closest={list.closest} />
      <LastChanges changes={changes} />
    </div>
  )
}

/** Drawn anew where they are others, which few ticks make them. */
const WorstNow = memo(function WorstNow({ worst, closest }: Readonly<Pick<ServicesListOutput, 'worst' | 'closest'>>) {
  const moment = useMoment()
  return (
    <section aria-label="Worst now" className="min-w-0 flex-1 xl:border-line xl:border-l xl:px-6">
      <h2 className="mb-1.5 font-medium text-12 text-ink-2">Worst now</h2>
      {worst.length === 0 && <p className="text-ink-2">Every service with traffic meets its objective.</p>}
      {worst.length === 0 && closest !== null && (
        <p className="mt-1.5 text-ink-2">
          Closest to its objective:{' '}
          <Link href={routes.service(closest.service)} className="font-medium text-ink hover:underline">
            {closest.service}
          </Link>{' '}
          {formatSuccess(closest.successRate)}
          {NBSP}%, objective {closest.objective}
          {NBSP}%
        </p>
      )}
      <ul className="flex flex-col gap-2">
        {worst.map(({ service, health }) => (
          <li key={service} className="flex gap-3">
            <StatusMark state={health.state} className="mt-1" />
            <div className="min-w-0">
              <Link href={routes.service(service)} className="font-medium hover:underline">
                {service}
              </Link>{' '}
              <span className={`font-medium ${toneOf(health.state)}`}>{health.reason}</span>
              {health.since !== null && <span className="text-ink-3"> since {moment(health.since)}</span>}
              {health.cause !== null && <div className="text-ink-2">{health.cause}</div>}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}, isSame)

const LastChanges = memo(function LastChanges({ changes }: Readonly<Pick<ServicesListOutput, 'changes'>>) {
  const moment = useMoment()
  return (
    <section aria-label="Last changes" className="min-w-0 xl:w-[330px] xl:border-line xl:border-l xl:pl-6">
      <div className="mb-1.5 flex justify-between">
        <h2 className="font-medium text-12 text-ink-2">Last changes</h2>
        <TextLink href={routes.changes} className="text-12">
          All changes
        </TextLink>
      </div>
      {changes.length === 0 && <p className="text-ink-2">Nothing has been changed yet.</p>}
      <ul className="flex flex-col gap-2">
        {changes.slice(0, 3).map((change) => (
          <li key={change.revision}>
            <Link href={routes.change(change.revision)} className="group block">
              <span className="line-clamp-2 group-hover:underline">{change.summary}</span>
              <span className="text-ink-3">
                {moment(change.at)} · {change.actor} · {formatRevision(change.revision)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}, isSame)
