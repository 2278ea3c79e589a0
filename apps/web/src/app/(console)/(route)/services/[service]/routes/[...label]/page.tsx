// One route of a service, by its label. Beside the service's pages and not among them: it has a head of its own.
import type { Metadata } from 'next'
import { RoutePage } from '@/components/route/routePage'

interface Props {
  params: Promise<{ service: string; label: string[] }>
}

const read = async (params: Props['params']) => {
  const { service, label } = await params
  return { service: decodeURIComponent(service), route: label.map(decodeURIComponent).join('/') }
}

export async function generateMetadata({ params }: Readonly<Props>): Promise<Metadata> {
  const { service, route } = await read(params)
  return { title: `${route} of ${service}` }
}

export default async function Page({ params }: Readonly<Props>) {
  return <RoutePage {...(await read(params))} />
}
