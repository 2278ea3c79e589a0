// Which changes are looked for, as it stands in the address; the server does the finding.
'use client'
import { CHANGE_TOPICS } from '@heddle/shared/api/changeTopics'
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useDeferredValue } from 'react'

export const CHANGES_PAGE = 50
const LONGEST_SEARCH = 200

const parsers = {
  open: parseAsInteger,
  filter: parseAsString.withDefault(''),
  about: parseAsStringLiteral(CHANGE_TOPICS),
  who: parseAsString,
  of: parseAsString,
  /** Only what is older than this revision. */
  before: parseAsInteger,
}

export function useChangesView(service: string | undefined) {
  const [view, setView] = useQueryStates(parsers)
  const search = useDeferredValue(view.filter.trim()).slice(0, LONGEST_SEARCH)
  const about = service ?? view.of ?? undefined
  return {
    view,
    setView,
    input: {
      limit: CHANGES_PAGE,
      ...(about !== undefined && { service: about }),
      ...(view.about !== null && { about: view.about }),
      ...(view.who !== null && { actor: view.who }),
      ...(view.before !== null && { before: view.before }),
      ...(search !== '' && { search }),
    },
    isFiltered: search !== '' || view.about !== null || view.who !== null || view.of !== null,
    clear: () => void setView({ filter: null, about: null, who: null, of: null, before: null }),
  }
}

export type ChangesView = ReturnType<typeof useChangesView>
