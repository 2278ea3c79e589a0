// Addresses that mean "this machine" wherever they are read (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3; RFC 6761, 6.3).

/** Digits without a leading zero, which some read as octal. */
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const LOOPBACK = new RegExp(`^(?:::1|localhost|(?:::ffff:)?127(?:\\.${OCTET}){3})$`, 'i')

/** `host`: a name or an address, IPv6 without brackets. A name that only begins like a loopback address is none. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host)
}
