// Every address of the console, in one place. The time range travels along in the query (see withQuery).

export const SERVICE_TABS = ['overview', 'routes', 'traffic', 'access', 'instances', 'changes', 'settings'] as const
export type ServiceTab = (typeof SERVICE_TABS)[number]

export const SETTINGS_TABS = ['people', 'tokens', 'mesh', 'authority', 'links', 'retention', 'sessions'] as const
export type SettingsTab = (typeof SETTINGS_TABS)[number]
export const SETTINGS_LABEL: Readonly<Record<string, string>> & Record<SettingsTab, string> = {
  people: 'People',
  tokens: 'Tokens',
  mesh: 'Mesh defaults',
  authority: 'Certificates',
  links: 'Links',
  retention: 'Retention',
  sessions: 'Your sessions',
}

export const routes = {
  services: '/services',
  service: (name: string, tab: ServiceTab = 'overview') =>
    `/services/${encodeURIComponent(name)}${tab === 'overview' ? '' : `/${tab}`}`,
  /** A route by its label: `catalog/products`, or `default` for what no route took. */
  route: (service: string, label: string) =>
    `/services/${encodeURIComponent(service)}/routes/${label.split('/').map(encodeURIComponent).join('/')}`,
  traffic: '/traffic',
  access: '/access',
  rule: (name: string) => `/access?rule=${encodeURIComponent(name)}`,
  map: '/map',
  mapOf: (service: string) => `/map?focus=${encodeURIComponent(service)}`,
  proxies: '/proxies',
  changes: '/changes',
  change: (revision: number) => `/changes?open=${revision}`,
  settings: '/settings',
  settingsTab: (tab: SettingsTab) => `/settings/${tab}`,
  signIn: '/sign-in',
} as const

/** Query parameters that belong to the whole console and follow every link. */
export const GLOBAL_PARAMETERS = ['range', 'from', 'to', 'back', 'tz', 'compare'] as const

/** `href` with the console-wide parameters of the current query; those that it names itself win. */
export function withQuery(href: string, current: { get(name: string): string | null }): string {
  const [path = '', query = ''] = href.split('?')
  const parameters = new URLSearchParams(query)
  for (const name of GLOBAL_PARAMETERS) {
    const value = current.get(name)
    if (value !== null && !parameters.has(name)) parameters.set(name, value)
  }
  const text = parameters.toString()
  return text === '' ? path : `${path}?${text}`
}

/** Where to go after signing in: only paths of this console, never another site. */
export function safeNext(next: string | null | undefined): string {
  return next?.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : routes.services
}
