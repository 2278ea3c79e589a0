// Where one is signed in, and the way to end all the others.
'use client'
import { useQuery } from '@tanstack/react-query'
import { useMoment } from '@/components/frame/useMoment'
import { Button } from '@/components/ui/button'
import { PageSkeleton } from '@/components/ui/skeleton'
import { PanelError } from '@/components/ui/states'
import { StatusMark } from '@/components/ui/status'
import { plural } from '@/data/numbers'
import { browserName } from '@/data/userAgent'
import { useTRPC } from '@/trpc/client'
import { SettingsHead } from './settingsHead'
import { useSettingsAct } from './useSettingsAct'

export function SessionsPage() {
  const trpc = useTRPC()
  const moment = useMoment()
  const me = useQuery(trpc.session.me.queryOptions()).data?.user
  const list = useQuery(trpc.session.list.queryOptions())
  const end = useSettingsAct(trpc.session.endOthers.mutationOptions(), () => 'You are signed in here only')
  if (list.data === undefined)
    return list.isError ? (
      <PanelError what="Your sessions" error={list.error} onRetry={() => void list.refetch()} />
    ) : (
      <PageSkeleton />
    )
  const { sessions } = list.data
  const others = sessions.filter(({ isThis }) => !isThis).length
  return (
    <>
      <SettingsHead
        title={
          others === 0 ? 'You are signed in here only' : `You are signed in at ${plural(sessions.length, 'place')}`
        }
        action={
          <Button disabled={others === 0 || end.isPending} onClick={() => end.mutate()}>
            Sign out everywhere else
          </Button>
        }
      >
        As <bdi>{me?.name}</bdi>, {me?.role}. A sign-in lasts seven days. It ends at once when your role or your
        password changes.
      </SettingsHead>
      <ul className="border-line border-t">
        {sessions.map((session) => (
          <li
            key={session.id}
            className="flex min-h-[38px] flex-wrap items-center gap-x-4 border-line border-b max-md:py-2.5 max-md:text-14"
          >
            <span className="flex w-56 items-center gap-2 font-medium" title={session.userAgent ?? undefined}>
              <StatusMark state={session.isThis ? 'healthy' : 'idle'} />
              {browserName(session.userAgent)}
            </span>
            <span className="text-ink-2">
              since {moment(session.createdAt)}, until {moment(session.expiresAt)}
            </span>
            {session.isThis && <span className="ml-auto text-ink-2">this one</span>}
          </li>
        ))}
      </ul>
    </>
  )
}
