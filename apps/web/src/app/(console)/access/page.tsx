// Who may call what.
import type { Metadata } from 'next'
import { AccessPage } from '@/components/access/accessPage'

export const metadata: Metadata = { title: 'Access' }

export default function Page() {
  return <AccessPage />
}
