// Who changed what, and when.
import type { Metadata } from 'next'
import { ChangesPage } from '@/components/changes/changesPage'

export const metadata: Metadata = { title: 'Changes' }

export default function Page() {
  return <ChangesPage />
}
