// What proxies join with, and what commands call the API with.
import { TokensPage } from '@/components/settings/tokensPage'

export default function Page() {
  return <TokensPage />
}
