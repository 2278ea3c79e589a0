// Whether a request that carries cookies comes from the console's own pages. Browsers say where a request began in
// Sec-Fetch-Site (which pages cannot forge) or, the older ones, in Origin. Pure.

/** `url`: the origin under which the console is reached. Neither header: not a browser of today, so not our page. */
export function isSameOrigin(headers: Headers, url: string): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  return headers.get('origin') === url
}
