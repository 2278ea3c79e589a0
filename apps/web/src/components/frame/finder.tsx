// The palette's button in the bar, the dialog of keys, and the keys that open them. The palette is loaded on first use.
'use client'
import { Search } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useKeys } from './useKeys'
import { useTypedAhead } from './useTypedAhead'

const loadPalette = () => import('@/components/palette/palette').then((module) => module.Palette)
const Palette = dynamic(loadPalette, { ssr: false })
const KeysDialog = dynamic(() => import('./keysDialog').then((module) => module.KeysDialog), { ssr: false })

type Shown = 'palette' | 'keys' | null

export function Finder() {
  const [shown, setShown] = useState<Shown>(null)
  // Once used they stay, so that closing gives the focus back.
  const [used, setUsed] = useState<ReadonlySet<Shown>>(new Set())
  const show = (next: Shown) => {
    setShown(next)
    setUsed((last) => new Set([...last, next]))
  }
  const typed = useTypedAhead()
  const close = () => {
    typed.end()
    setShown((last) => (last === 'palette' ? null : last))
  }
  const find = () => {
    if (shown !== 'palette') {
      typed.begin(close)
      // Keys are nobody's but the page's where the palette cannot be loaded.
      loadPalette().catch(close)
    }
    show('palette')
  }
  useKeys({ onPalette: find, onKeys: () => show('keys') })
  return (
    <>
      <button
        type="button"
        aria-keyshortcuts="Meta+K Control+K"
        onClick={find}
        onPointerEnter={() => void loadPalette().catch(() => {})}
        className="flex h-7 w-44 items-center gap-2 rounded-2 border border-line-strong bg-raised px-2.5 text-ink-2 hover:bg-hover-raised max-lg:size-8 max-lg:justify-center max-lg:px-0 max-md:size-11 max-md:border-0 max-md:bg-transparent"
      >
        <Search size={14} aria-hidden className="shrink-0" />
        <span className="max-lg:sr-only">Find or do</span>
        <kbd aria-hidden className="ml-auto rounded-1 border border-line-strong px-1 text-12 max-lg:hidden">
          ⌘K
        </kbd>
      </button>
      {used.has('palette') && (
        <Palette
          open={shown === 'palette'}
          onOpenChange={(open) => (open ? setShown('palette') : close())}
          onReady={typed.end}
          onKeys={() => show('keys')}
        />
      )}
      {used.has('keys') && (
        <KeysDialog open={shown === 'keys'} onOpenChange={(open) => setShown(open ? 'keys' : null)} />
      )}
    </>
  )
}
