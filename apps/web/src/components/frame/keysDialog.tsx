// Every key, and whether single keys are on.
'use client'
import { Dialog } from '@/components/ui/dialog'
import { KEY_GROUPS } from '@/data/keys'

interface Props {
  open: boolean
  onOpenChange: (open: boolean) => void
}

export function KeysDialog({ open, onOpenChange }: Readonly<Props>) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keys">
      <div className="grid grid-cols-2 gap-x-8 gap-y-5 pt-3 max-md:grid-cols-1">
        {KEY_GROUPS.map(({ title, isSingle, keys }) => (
          <section key={title} aria-label={title}>
            <h3 className="mb-1 font-medium text-12 text-ink-2">{title}</h3>
            <dl>
              {keys.map(([key, does]) => (
                <div key={key} className="flex gap-3 border-line border-b py-1.5 last:border-b-0">
                  <dt className="w-28 shrink-0 font-medium">
                    <kbd className="font-sans">{key}</kbd>
                  </dt>
                  <dd className="text-ink-2">{does}</dd>
                </div>
              ))}
            </dl>
            {isSingle && (
              <p className="mt-1.5 text-12 text-ink-3">Turn single keys off in the menu beside your name.</p>
            )}
          </section>
        ))}
      </div>
    </Dialog>
  )
}
