// Settings begin with the first page that one may read; the time range travels along.
import { can } from '@heddle/shared/can'
import { redirect } from 'next/navigation'
import { routes, withQuery } from '@/lib/routes'
import { api } from '@/trpc/server'

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function Page({ searchParams }: Readonly<Props>) {
  const asked = await searchParams
  const { user } = await (await api()).session.me()
  const tab = can(user?.role ?? null, 'user.read').allowed ? 'people' : 'mesh'
  const get = (name: string) => [asked[name]].flat()[0] ?? null
  redirect(withQuery(routes.settingsTab(tab), { get }))
}
