// What holds for the whole mesh unless a service says otherwise.
import { MeshPage } from '@/components/settings/meshPage'

export default function Page() {
  return <MeshPage />
}
