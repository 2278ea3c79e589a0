// The pages that are measured: every one of the console, those of a service for the busiest. Pure.

/** What a tick of calls moves nothing on: settings, and what is told of proxies and of changes. */
const STILL = ['/settings', '/instances', '/changes', '/proxies']

/** The pages of `pagesOf` on which numbers of calls move, in the range that they open with. */
export const livePagesOf = (service: string, route: string): string[] =>
  pagesOf(service, route).filter((path) => !path.includes('?') && !STILL.some((end) => path.endsWith(end)))

/** `route`: `<HTTPRoute>/<rule>`. */
export function pagesOf(service: string, route: string): string[] {
  const at = `/services/${service}`
  return [
    '/services',
    at,
    `${at}/routes`,
    `${at}/traffic`,
    `${at}/access`,
    `${at}/instances`,
    `${at}/changes`,
    `${at}/settings`,
    `${at}/routes/${route}`,
    '/traffic',
    '/map',
    '/access',
    '/proxies',
    '/changes',
    '/settings',
    '/services?range=24h',
    `${at}?range=24h`,
    `${at}?range=7d`,
  ]
}
