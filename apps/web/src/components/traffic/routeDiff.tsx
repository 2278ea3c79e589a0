// What a split makes of its route, as YAML.
'use client'
import { routeSchema } from '@heddle/shared/resources/route'
import { useQuery } from '@tanstack/react-query'
import { ResourceDiff } from '@/components/ui/resourceDiff'
import { YamlSkeleton } from '@/components/ui/skeleton'
import { withSplit } from '@/data/routeWeights'
import { type DraftBackend, remaining } from '@/data/splitDraft'
import type { TrafficRule } from '@/server/schemas/traffic'
import { useTRPC } from '@/trpc/client'

interface Props {
  rule: TrafficRule
  draft: readonly DraftBackend[]
}

export function RouteDiff({ rule, draft }: Readonly<Props>) {
  const trpc = useTRPC()
  const stored = useQuery(trpc.config.get.queryOptions({ kind: rule.kind, name: rule.route }, { staleTime: 0 }))
  const [before] = stored.data?.resources ?? []
  const route = routeSchema.safeParse(before).data
  const weights = new Map(remaining(draft).map(({ name, share }) => [name, share]))
  const after = route === undefined ? null : withSplit(route, rule.rule, weights)
  if (after !== null)
    return <ResourceDiff before={before} after={after} what={`${rule.kind} ${rule.route}, rule ${rule.rule}`} />
  if (stored.isPending) return <YamlSkeleton />
  return (
    <p className="text-ink-2">The route’s YAML could not be read, so only the sentence above describes this change.</p>
  )
}
