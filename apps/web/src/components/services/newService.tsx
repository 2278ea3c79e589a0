// A new service, made before anything runs under its name: so that routes and rules can be there first.
'use client'
import { useRouter } from 'next/navigation'
import { ServiceDialogs } from '@/components/service/serviceDialogs'
import { ServiceForm } from '@/components/service/serviceForm'
import { useServiceChange } from '@/components/service/useServiceChange'
import { routes } from '@/lib/routes'

export function NewService({ onClose }: Readonly<{ onClose: () => void }>) {
  const router = useRouter()
  // In place of the form's address: closing the form as well would write the address a second time, and win.
  const change = useServiceChange((name) => router.replace(routes.service(name, 'settings')))
  return (
    <section aria-label="Make a service" className="mb-8">
      <h2 className="mb-2 font-semibold text-16">New service</h2>
      <p className="mb-3 max-w-[720px] text-ink-2">
        A service that joins makes itself. Make one here to have its settings, routes and rules ready before.
      </p>
      <ServiceForm
        base={null}
        meshObjective={null}
        onReview={(after) => change.review({ before: null, after })}
        onCancel={onClose}
      />
      <ServiceDialogs change={change} />
    </section>
  )
}
