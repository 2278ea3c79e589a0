// An address that leads nowhere.
import { Mark } from '@/components/frame/logo'
import { routes } from '@/lib/routes'

export const metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <main className="mx-auto max-w-xl px-6 py-24">
      <Mark size={28} />
      <h1 className="mt-6 font-semibold text-20">There is no page at this address</h1>
      <p className="mt-1 text-ink-2">
        The link may be mistyped, or what it named was deleted; Changes lists what was, by whom and when.
      </p>
      <p className="mt-4 flex gap-4">
        <a href={routes.services} className="font-medium text-accent-text hover:underline">
          All services
        </a>
        <a href={routes.changes} className="font-medium text-accent-text hover:underline">
          Changes
        </a>
      </p>
    </main>
  )
}
