// What is kept how long.
import { RetentionPage } from '@/components/settings/retentionPage'

export default function Page() {
  return <RetentionPage />
}
