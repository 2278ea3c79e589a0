// Who is signed in, and the button of the account's menu.
'use client'
import { useQuery } from '@tanstack/react-query'
import { Settings2 } from 'lucide-react'
import { buttonClass } from '@/components/ui/button'
import { useLate } from '@/components/ui/useLate'
import { useTRPC } from '@/trpc/client'

const loadMenu = () => import('./accountMenu').then((module) => module.AccountMenu)

export function UserMenu({ compact = false }: Readonly<{ compact?: boolean }>) {
  const trpc = useTRPC()
  const me = useQuery(trpc.session.me.queryOptions())
  const user = me.data?.user
  const { Real, trigger, standIn } = useLate(loadMenu)
  const className = buttonClass({ look: 'quiet', size: 'icon', className: compact ? '' : 'lg:-mr-2' })
  return (
    <div className="flex items-center gap-2">
      {!compact && (
        <span className="flex min-w-0 flex-1 gap-1 max-lg:sr-only" title={user?.name}>
          <span className="truncate font-medium">{user?.name}</span>{' '}
          <span className="shrink-0 text-ink-2">{user?.role}</span>
        </span>
      )}
      {Real === null ? (
        <button {...standIn} aria-label="Account and theme" className={className}>
          <Settings2 size={15} aria-hidden />
        </button>
      ) : (
        <Real user={user} className={className} trigger={trigger} />
      )}
    </div>
  )
}
