// Opening the route editor: what it edits is read as it is at that moment, and stays until it is closed.
'use client'
import type { Route } from '@heddle/shared/resources/anyRoute'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { showFailure } from '@/components/ui/notices'
import { describeFailure } from '@/data/failure'
import type { TrafficGetOutput, TrafficRule } from '@/server/schemas/traffic'
import { useTRPC } from '@/trpc/client'
import type { OpenedRule } from './editedRoute'

export function useRouteEditing(service: string, page: TrafficGetOutput | undefined) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [opened, setOpened] = useState<(OpenedRule & { service: string }) | null>(null)
  const [isOpening, setIsOpening] = useState(false)
  const open = async (rule: TrafficRule | null) => {
    setIsOpening(true)
    try {
      const { routeSchema } = await import('@heddle/shared/resources/route')
      const kind = page?.kind ?? 'HTTPRoute'
      const names = [...new Set(page?.rules.map(({ route }) => route))]
      const read = async (name: string): Promise<Route> => {
        const options = trpc.config.get.queryOptions({ kind, name }, { staleTime: 0 })
        return routeSchema.parse((await queries.fetchQuery(options)).resources[0])
      }
      const [known, routes] = await Promise.all([
        queries.fetchQuery(trpc.traffic.names.queryOptions(undefined, { staleTime: 0 })),
        Promise.all(names.map(read)),
      ])
      const route = routes.find(({ metadata }) => metadata.name === rule?.route)
      const edited = rule === null || route === undefined ? null : { route, rule: rule.rule }
      setOpened({ service, kind, edited, routes, names: known.names, taken: known.routes })
    } catch (error) {
      showFailure(describeFailure(error).message)
    } finally {
      setIsOpening(false)
    }
  }
  // Another service's page is another editor.
  return { opened: opened?.service === service ? opened : null, isOpening, open, close: () => setOpened(null) }
}
