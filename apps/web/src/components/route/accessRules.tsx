// Which access rules a call of the route meets, those that decide first, and what holds where none does.
import { TextLink } from '@/components/frame/link'
import { AccessMark } from '@/components/ui/accessMark'
import { routes } from '@/lib/routes'
import type { AppliedRule } from '@/server/schemas/route'

export function AccessRules({ service, rules }: Readonly<{ service: string; rules: readonly AppliedRule[] }>) {
  return (
    <section aria-label="Rules that apply">
      <div className="mb-1 flex items-baseline gap-3">
        <h2 className="font-semibold text-14">Rules that apply</h2>
        <TextLink href={routes.service(service, 'access')} className="ml-auto text-12">
          All rules of {service}
        </TextLink>
      </div>
      <ul className="border-line border-t">
        {rules.map((rule) => (
          <li key={rule.title} className="flex gap-2.5 border-line border-b py-2">
            <span className="mt-1">
              <AccessMark state={rule.state} />
            </span>
            <div className="min-w-0">
              {rule.rule === null ? (
                <span className="font-medium">{rule.title}</span>
              ) : (
                <TextLink href={routes.rule(rule.rule)} className="break-words text-ink">
                  {rule.title}
                </TextLink>
              )}
              <p className="break-words text-12 text-ink-2">{rule.detail}</p>
            </div>
          </li>
        ))}
      </ul>
      <p className="mt-1.5 text-12 text-ink-3">A rule’s calls are counted over all of its target.</p>
    </section>
  )
}
