// Tokens as a table: those that still open something first, the others behind a press.
'use client'
import { useState } from 'react'
import { useNow } from '@/components/frame/clock'
import { Button } from '@/components/ui/button'
import { GuardedButton, type Permission } from '@/components/ui/permission'
import { StatusMark } from '@/components/ui/status'
import { DASH, plural } from '@/data/numbers'
import { tokenState } from '@/data/tokenState'

export interface TokenRow {
  id: string
  /** Of a service, or of the token itself. */
  name: string
  /** What it gives: uses or a role. */
  gives: string
  createdBy: string
  note: string
  revoked: boolean
  expiresAt: string | null
  uses?: number
  used?: number
}

interface Props {
  nameHead: string
  givesHead: string
  noteHead: string
  rows: readonly TokenRow[]
  permission: Permission | undefined
  onRevoke: (row: TokenRow) => void
}

const MOST_ROWS = 200

export function TokenTable({ nameHead, givesHead, noteHead, rows, permission, onRevoke }: Readonly<Props>) {
  const now = useNow()
  const [isAll, setAll] = useState(false)
  const states = rows.map((row) => ({ row, state: now === null ? null : tokenState(row, now) }))
  const good = states.filter(({ state }) => state?.isGood !== false)
  const shown = (isAll ? [...good, ...states.filter(({ state }) => state?.isGood === false)] : good).slice(0, MOST_ROWS)
  const hidden = states.length - good.length
  return (
    <>
      {shown.length > 0 && (
        <div className="relative overflow-x-auto">
          <table className="grid-table max-md:min-w-[640px]">
            <thead>
              <tr>
                <th scope="col">{nameHead}</th>
                <th scope="col">{givesHead}</th>
                <th scope="col">State</th>
                <th scope="col">Made by</th>
                <th scope="col">{noteHead}</th>
                <th scope="col">
                  <span className="sr-only">Acts</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ row, state }) => (
                <tr key={row.id}>
                  <td className="max-w-64 truncate" title={row.name}>
                    <bdi className="font-medium">{row.name}</bdi>
                  </td>
                  <td>{row.gives}</td>
                  <td className={state?.isGood === false ? 'text-ink-3' : ''}>
                    <span className="inline-flex items-center gap-2">
                      <StatusMark state={state?.isGood === false ? 'idle' : 'healthy'} />
                      {state?.word ?? DASH}
                    </span>
                  </td>
                  <td className="max-w-48 truncate text-ink-2" title={row.createdBy}>
                    <bdi>{row.createdBy}</bdi>
                  </td>
                  <td className="text-ink-2">{row.note}</td>
                  <td className="text-right">
                    {state?.isGood !== false && (
                      <GuardedButton
                        permission={permission}
                        look="quiet"
                        size="small"
                        aria-label={`Revoke ${row.name} ${row.id}`}
                        onClick={() => onRevoke(row)}
                      >
                        Revoke
                      </GuardedButton>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown.length === 0 && <p className="border-line border-y py-2.5 text-ink-2">None that is still good.</p>}
      {hidden > 0 && (
        <Button look="quiet" size="small" className="mt-2" onClick={() => setAll(!isAll)}>
          {isAll
            ? 'Show the good ones only'
            : `Show ${plural(hidden, 'token')} that no longer work${hidden === 1 ? 's' : ''}`}
        </Button>
      )}
    </>
  )
}
