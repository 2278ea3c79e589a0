// Where one is signed in.
import { SessionsPage } from '@/components/settings/sessionsPage'

export default function Page() {
  return <SessionsPage />
}
