// The certificate authority and its dates.
import { AuthorityPage } from '@/components/settings/authorityPage'

export default function Page() {
  return <AuthorityPage />
}
