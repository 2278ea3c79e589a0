// An address that leads nowhere, inside the frame: from here every page is one press away.
import { TextLink } from '@/components/frame/link'
import { routes } from '@/lib/routes'

export default function NotFound() {
  return (
    <>
      <h1 className="font-semibold text-20">There is no page at this address</h1>
      <p className="mt-1 max-w-xl text-ink-2">
        The link may be mistyped, or what it named was deleted; Changes lists what was, by whom and when.
      </p>
      <p className="mt-4 flex gap-4">
        <TextLink href={routes.services}>All services</TextLink>
        <TextLink href={routes.changes}>Changes</TextLink>
      </p>
    </>
  )
}
