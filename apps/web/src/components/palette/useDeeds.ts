// Does what an entry of the palette stands for.
'use client'
import { useRouter, useSearchParams } from 'next/navigation'
import { chooseTheme } from '@/app/theme'
import { signOut } from '@/auth/client'
import { useRange } from '@/components/frame/useRange'
import type { Deed } from '@/data/paletteActions'
import { routes, withQuery } from '@/lib/routes'

export function useDeeds(onKeys: () => void): (deed: Deed) => void {
  const router = useRouter()
  const parameters = useSearchParams()
  const { choosePreset } = useRange()
  return (deed) => {
    switch (deed.do) {
      case 'go':
        return router.push(withQuery(deed.href, parameters))
      case 'theme':
        document.documentElement.dataset.theme = deed.theme
        return void chooseTheme(deed.theme)
      case 'range':
        return choosePreset(deed.preset)
      case 'keys':
        return onKeys()
      case 'signOut':
        // A full load: nothing of the ended session stays in memory.
        return void signOut().then(() => window.location.assign(routes.signIn))
    }
  }
}
