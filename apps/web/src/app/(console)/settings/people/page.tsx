// Who may sign in, and as what.
import { PeoplePage } from '@/components/settings/peoplePage'

export default function Page() {
  return <PeoplePage />
}
