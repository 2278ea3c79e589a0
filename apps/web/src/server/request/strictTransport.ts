// Whether browsers are told to come by TLS alone from now on (RFC 6797). Pure.

const YEAR_S = 365 * 24 * 3_600

/** For the header Strict-Transport-Security; null where the console is not reached by https. `url`: its origin. */
export function strictTransportSecurity(url: string | undefined): string | null {
  // Other hosts of the domain are not the console's to decide about.
  return url?.startsWith('https://') === true ? `max-age=${YEAR_S}` : null
}
