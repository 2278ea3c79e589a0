// Addresses that lead back to this host or to its next neighbours, where no service of somebody else's is: loopback,
// unspecified, link-local, multicast, and those at which a cloud tells a machine its secrets.
import { BlockList, isIP } from 'node:net'

const special = new BlockList()
special.addSubnet('127.0.0.0', 8, 'ipv4')
special.addSubnet('0.0.0.0', 8, 'ipv4')
special.addSubnet('169.254.0.0', 16, 'ipv4')
special.addSubnet('224.0.0.0', 4, 'ipv4')
special.addAddress('255.255.255.255', 'ipv4')
special.addAddress('::1', 'ipv6')
special.addAddress('::', 'ipv6')
special.addSubnet('fe80::', 10, 'ipv6')
special.addSubnet('ff00::', 8, 'ipv6')
// Metadata services that are not link-local: AWS (with its pod identities) and Google over IPv6, Alibaba, Oracle, Azure.
special.addSubnet('fd00:ec2::', 32, 'ipv6')
special.addAddress('fd20:ce::254', 'ipv6')
special.addAddress('100.100.100.200', 'ipv4')
special.addAddress('192.0.0.192', 'ipv4')
special.addAddress('168.63.129.16', 'ipv4')
// Addresses that carry an IPv4 address: 6to4, NAT64 and the old IPv4-compatible ones can all name 127.0.0.1.
special.addSubnet('2002:7f00::', 24, 'ipv6')
special.addSubnet('2002:a9fe::', 32, 'ipv6')
special.addSubnet('64:ff9b::7f00:0', 104, 'ipv6')
special.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6')
special.addSubnet('::7f00:0', 104, 'ipv6')

/** `address` as node:dns gives it. What is no address at all is special: nobody dials it. */
export function isSpecialAddress(address: string): boolean {
  const bare = address.split('%')[0] ?? ''
  const family = isIP(bare)
  if (family === 0) return true
  // BlockList judges IPv4-mapped IPv6 addresses by the IPv4 rules too.
  return special.check(bare, family === 4 ? 'ipv4' : 'ipv6')
}
