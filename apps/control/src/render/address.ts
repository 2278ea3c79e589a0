// Addresses that mean "this machine" wherever they are read (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3; RFC 6761, 6.3).

export function isLoopbackAddress(address: string): boolean {
  const text = address.toLowerCase()
  return (
    text === '::1' ||
    text === 'localhost' ||
    /^127\.\d+\.\d+\.\d+$/.test(text) ||
    /^::ffff:127\.\d+\.\d+\.\d+$/.test(text)
  )
}
