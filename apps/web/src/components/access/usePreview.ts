// The preview of what is being written, once the writer pauses; the last one stays until the next has come.
'use client'
import type { AccessRule } from '@heddle/shared/resources/accessRule'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTRPC } from '@/trpc/client'
import { useSettled } from './useSettled'

/** `rule` null: there is nothing to preview yet. */
export function usePreview(rule: AccessRule | null) {
  const trpc = useTRPC()
  const settled = useSettled(rule, JSON.stringify(rule))
  const asked = settled ?? rule
  const read = useQuery(
    trpc.access.preview.queryOptions(asked === null ? { remove: 'none' } : { rule: asked }, {
      enabled: rule !== null && asked !== null,
      placeholderData: keepPreviousData,
      retry: false,
    }),
  )
  return { ...read, isSettled: JSON.stringify(settled) === JSON.stringify(rule) && !read.isPlaceholderData }
}
