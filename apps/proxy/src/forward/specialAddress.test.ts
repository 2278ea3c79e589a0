import { expect, test } from 'vitest'
import { isSpecialAddress } from './specialAddress.ts'

// Every way of writing an address of this host, its neighbours or nobody is recognised.
test.each([
  '127.0.0.1',
  '127.255.0.9',
  '0.0.0.0',
  '0.1.2.3',
  '169.254.169.254',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  'fe80::1',
  'fe80::1%eth0',
  'febf::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:169.254.169.254',
  '::127.0.0.1',
  '64:ff9b::127.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '2002:7f00:1::',
  '2002:a9fe:a9fe::1',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
  'localhost',
  '',
  '127.1',
  '0x7f000001',
])('%s is special', (address) => expect(isSpecialAddress(address)).toBe(true))

// Addresses of others are not.
test.each([
  '10.0.0.7',
  '192.168.1.1',
  '93.184.216.34',
  '128.0.0.1',
  '2001:db8::1',
  'fd00::1',
  'fd00:ec3::254',
  '100.100.100.201',
  '64:ff9b::5db8:d822',
])('%s is not', (address) => expect(isSpecialAddress(address)).toBe(false))
