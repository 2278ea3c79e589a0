// The console opens on the services.
import { redirect } from 'next/navigation'
import { routes } from '@/lib/routes'

export default function Home(): never {
  redirect(routes.services)
}
