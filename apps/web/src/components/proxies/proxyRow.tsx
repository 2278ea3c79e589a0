// One proxy: what it holds against what it should, its certificate, and the reason where something is wrong.
'use client'
import { memo } from 'react'
import { useNow } from '@/components/frame/clock'
import { TextLink } from '@/components/frame/link'
import { useMoment } from '@/components/frame/useMoment'
import { StatusMark, type StatusShape } from '@/components/ui/status'
import { isSame } from '@/data/isSame'
import { DASH, formatCount, formatRevision } from '@/data/numbers'
import { certificateLeft, isCertificateLate, type ProxyWord, proxyWord } from '@/data/proxyState'
import { lengthText } from '@/data/timeRange'
import { routes } from '@/lib/routes'
import type { ListedProxy } from '@/server/schemas/proxies'

export const SHAPE: Record<ProxyWord, StatusShape> = {
  Refused: 'failing',
  'Not connected': 'unknown',
  'Not ready': 'degraded',
  Behind: 'degraded',
  'Not known': 'unknown',
  Current: 'healthy',
}

interface Props {
  proxy: ListedProxy
  /** Its place in the whole list, the first being 0. */
  index: number
  measure: ((element: Element | null) => void) | undefined
}

/** Drawn anew only where it is another. */
export const ProxyRow = memo(function ProxyRow({ proxy, index, measure }: Readonly<Props>) {
  const moment = useMoment()
  const word = proxyWord(proxy)
  const shape = SHAPE[word]
  const tone =
    shape === 'failing'
      ? 'font-medium text-fail-text'
      : shape === 'degraded'
        ? 'font-medium text-warn-text'
        : 'text-ink-2'
  const isBehind = word === 'Behind' || word === 'Refused'
  const isWrong = proxy.nack !== null || (!proxy.ready && proxy.readyReason !== null)
  return (
    <tbody ref={measure} data-index={index}>
      <tr aria-rowindex={index + 2}>
        <td>
          <span className={`inline-flex items-center gap-2 whitespace-nowrap ${tone}`}>
            <StatusMark state={shape} />
            {word}
          </span>
        </td>
        <td className="whitespace-nowrap font-mono text-12">{proxy.instance}</td>
        <td className="max-xl:hidden">
          <TextLink href={routes.service(proxy.service, 'instances')}>{proxy.service}</TextLink>{' '}
          <span className="text-ink-2">{proxy.version}</span>
        </td>
        <td className="whitespace-nowrap text-ink-2 max-lg:hidden">
          {proxy.connectedSince === null ? DASH : moment(proxy.connectedSince)}
        </td>
        <td className={`number ${isBehind ? tone : ''}`}>
          {proxy.revision === null ? DASH : formatRevision(proxy.revision)}
        </td>
        <td className="number text-ink-2">
          {proxy.wantedRevision === null ? DASH : formatRevision(proxy.wantedRevision)}
        </td>
        <td className="number">{proxy.ackDelayMs === null ? DASH : formatCount(Math.round(proxy.ackDelayMs))}</td>
        <td className="number">
          <Certificate proxy={proxy} />
        </td>
        <td className="number text-ink-2 max-xl:hidden">{proxy.build ?? DASH}</td>
      </tr>
      {isWrong && (
        <tr>
          <td />
          <td colSpan={8} className="py-2 [overflow-wrap:anywhere]">
            <ProxyReason proxy={proxy} />
          </td>
        </tr>
      )}
    </tbody>
  )
}, isSame)

/** Certificates are told in minutes and hours. */
export const CERTIFICATE_CLOCK_MS = 10_000

/** What is left, with its share of the whole life as a bar; the tick is where renewal begins. */
function Certificate({ proxy }: Readonly<{ proxy: ListedProxy }>) {
  const now = useNow(CERTIFICATE_CLOCK_MS)
  if (proxy.certificateExpiresAt === null || now === null) return DASH
  const share = certificateLeft(proxy, now)
  const isLate = isCertificateLate(proxy, now)
  return (
    <span className={`inline-flex items-center gap-2.5 ${isLate ? 'font-medium text-warn-text' : ''}`}>
      {proxy.certificateExpiresAt <= now ? 'ended' : lengthText(proxy.certificateExpiresAt - now)}
      {share !== null && (
        <svg viewBox="0 0 64 8" width={64} height={8} aria-hidden className="max-lg:hidden">
          <path d="M0 4h64" stroke="var(--line-strong)" />
          <path
            d={`M0 4h${(64 * share).toFixed(1)}`}
            stroke={isLate ? 'var(--warn)' : 'var(--text-3)'}
            strokeWidth={2.5}
          />
          <path d="M32 1v6" stroke="var(--text-2)" />
        </svg>
      )}
    </span>
  )
}

export function ProxyReason({ proxy, className }: Readonly<{ proxy: ListedProxy; className?: string }>) {
  if (proxy.nack !== null)
    return (
      <span className={className}>
        Refused {formatRevision(proxy.nack.revision)} whole and keeps serving with what it holds:{' '}
        <bdi className="font-mono text-12">{proxy.nack.reason}</bdi>{' '}
        <TextLink href={routes.change(proxy.nack.revision)}>Open {formatRevision(proxy.nack.revision)}</TextLink>
      </span>
    )
  if (proxy.ready || proxy.readyReason === null) return null
  return (
    <span className={className}>
      Not ready: <bdi>{proxy.readyReason}</bdi>
    </span>
  )
}
