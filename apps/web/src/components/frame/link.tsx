// A link inside the console: the time range travels along.
'use client'
import NextLink from 'next/link'
import { useSearchParams } from 'next/navigation'
import { type ComponentProps, memo } from 'react'
import { cx } from '@/lib/classes'
import { withQuery } from '@/lib/routes'

type Props = Omit<ComponentProps<typeof NextLink>, 'href'> & { href: string }

/** Drawn anew only for other properties: a page has a hundred of them, and what a tick moves is seldom in one. */
export const Link = memo(function Link({ href, ...rest }: Props) {
  const parameters = useSearchParams()
  return <NextLink prefetch={false} href={withQuery(href, parameters)} {...rest} />
})

/** A link that reads as one: in accent. */
export function TextLink({ className, ...rest }: Props) {
  return <Link className={cx('font-medium text-accent-text hover:underline', className)} {...rest} />
}
