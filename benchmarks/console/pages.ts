// The pages that are measured: every one of the console, those of a service for the busiest. Pure.

/** The list and one service are watched live. */
export const livePagesOf = (service: string): string[] => ['/services', `/services/${service}`]

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
