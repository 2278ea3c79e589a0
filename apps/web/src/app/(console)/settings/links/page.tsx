// Links from services to other tools.
import { LinksPage } from '@/components/settings/linksPage'

export default function Page() {
  return <LinksPage />
}
