// What HPACK says is read as RFC 7541 has it, by its own examples, and what it does not allow is refused.
import { fuzz, seededRandom } from '@heddle/testkit'
import { expect, test } from 'vitest'
import { HpackDecoder } from './decoder.ts'
import { EMPTY_TABLE_TEXT, fieldText } from './encode.ts'
import { decodedBound, decodeHuffman, NOT_HUFFMAN } from './huffman.ts'
import { HUFFMAN_CODES } from './huffmanCode.ts'
import { IntegerReader, integerText, NOT_AN_INTEGER } from './integer.ts'
import { huffman, ofBits } from './testHuffman.ts'

const LIMITS = { listBytes: 16 * 1024, fields: 100 }
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const latin1 = (text: string) => Buffer.from(text, 'latin1')

function decoded(decoder: HpackDecoder, block: Buffer): string[] | string {
  return decoder.decode(block) ?? decoder.flaw ?? (decoder.isTooLarge ? 'too large' : decoder.fields)
}

// RFC 7541, C.1, and integers that have no end or are larger than anything here.
test('integers', () => {
  const reader = new IntegerReader()
  const read = (bytes: Buffer, prefix: number) => [reader.read(bytes, 0, bytes.length, prefix), reader.at]
  expect(read(hex('ea'), 5)).toEqual([10, 1])
  expect(read(hex('1f9a0a'), 5)).toEqual([1337, 3])
  expect(read(hex('2a'), 8)).toEqual([42, 1])
  expect(read(hex('7f80808000'), 7)).toEqual([127, 5])
  expect(read(hex('7fffffff7f'), 7)).toEqual([127 + 2 ** 28 - 1, 5])
  for (const none of ['', '1f', '1f80', '1f8080808000', '1fffffffffff', '1fffffffff0f'])
    expect(reader.read(hex(none), 0, none.length / 2, 5)).toBe(NOT_AN_INTEGER)
  for (const prefix of [4, 5, 6, 7])
    for (const value of [0, 1, 2 ** prefix - 2, 2 ** prefix - 1, 2 ** prefix, 127, 128, 16_384, 2 ** 28 - 1]) {
      const bytes = latin1(integerText(value, prefix, 0))
      expect([prefix, ...read(bytes, prefix)]).toEqual([prefix, value, bytes.length])
    }
})

// RFC 7541, appendix B: a complete code, of which these were copied from there.
test('the Huffman code', () => {
  const of = (symbol: number) => HUFFMAN_CODES.find((code) => code.symbol === symbol)
  expect(HUFFMAN_CODES.reduce((sum, { length }) => sum + 2 ** -length, 0)).toBe(1)
  for (const [symbol, code, length] of [
    [0, 0x1ff8, 13],
    [10, 0x3ffffffc, 30],
    [48, 0x0, 5],
    [122, 0x7b, 7],
    [126, 0x1ffd, 13],
    [137, 0x7fffda, 23],
    [199, 0x1ffffec, 25],
    [203, 0x7ffffde, 27],
    [249, 0xffffffe, 28],
    [255, 0x3ffffee, 26],
    [256, 0x3fffffff, 30],
  ])
    expect(of(symbol ?? 0)).toEqual({ symbol, code, length })
})

test('every octet goes through Huffman and back, alone and among others', () => {
  const random = seededRandom(5)
  const target = Buffer.alloc(512)
  const through = (text: string) => {
    const bytes = huffman(text)
    expect(text.length).toBeLessThanOrEqual(decodedBound(bytes.length))
    return target.toString('latin1', 0, decodeHuffman(bytes, 0, bytes.length, target))
  }
  for (let octet = 0; octet < 256; octet++) {
    const text = String.fromCharCode(octet)
    expect(through(text)).toBe(text)
  }
  for (let i = 0; i < 500; i++) {
    const text = Array.from({ length: Math.floor(random() * 40) }, () =>
      String.fromCharCode(Math.floor(random() * (random() < 0.7 ? 128 : 256))),
    ).join('')
    expect(through(text)).toBe(text)
  }
})

// RFC 7541, 5.2: EOS within a string, padding that is not ones, and padding of a whole octet are errors.
test('Huffman strings that are none', () => {
  const target = Buffer.alloc(64)
  const decode = (bytes: Buffer) => decodeHuffman(bytes, 0, bytes.length, target)
  // "0" is 00000, "a" is 00011.
  expect(decode(ofBits('00000111'))).toBe(1)
  expect(decode(ofBits('00000110'))).toBe(NOT_HUFFMAN)
  expect(decode(ofBits('00000000'))).toBe(NOT_HUFFMAN)
  expect(decode(ofBits('0000011111111111'))).toBe(NOT_HUFFMAN)
  expect(decode(ofBits('11111111'))).toBe(NOT_HUFFMAN)
  expect(decode(ofBits(`${'1'.repeat(30)}00000`.padEnd(40, '1')))).toBe(NOT_HUFFMAN)
  expect(decode(ofBits('1'.repeat(32)))).toBe(NOT_HUFFMAN)
})

// RFC 7541, C.2.
test.each<[string, string[]]>([
  ['400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572', ['custom-key', 'custom-header']],
  ['040c 2f73 616d 706c 652f 7061 7468', [':path', '/sample/path']],
  ['1008 7061 7373 776f 7264 0673 6563 7265 74', ['password', 'secret']],
  ['82', [':method', 'GET']],
])('%s', (block, fields) => {
  expect(decoded(new HpackDecoder(LIMITS), hex(block))).toEqual(fields)
})

const FIRST = [':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'www.example.com']
const REQUESTS = [
  FIRST,
  [...FIRST, 'cache-control', 'no-cache'],
  [
    ...[':method', 'GET', ':scheme', 'https', ':path', '/index.html', ':authority', 'www.example.com'],
    ...['custom-key', 'custom-value'],
  ],
]
const DATE = 'Mon, 21 Oct 2013 20:13:21 GMT'
const OTHERS = ['cache-control', 'private', 'date', DATE, 'location', 'https://www.example.com']
const RESPONSES = [
  [':status', '302', ...OTHERS],
  [':status', '307', ...OTHERS],
  [
    ...[':status', '200', 'cache-control', 'private', 'date', 'Mon, 21 Oct 2013 20:13:22 GMT'],
    ...['location', 'https://www.example.com', 'content-encoding', 'gzip'],
    ...['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
  ],
]

// RFC 7541, C.3 to C.6: three in a row on one table, in C.5 and C.6 on one of 256 octets, so that entries are evicted.
test.each<[string, string[][], string[]]>([
  [
    'C.3',
    REQUESTS,
    [
      '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
      '8286 84be 5808 6e6f 2d63 6163 6865',
      '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
    ],
  ],
  [
    'C.4',
    REQUESTS,
    [
      '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
      '8286 84be 5886 a8eb 1064 9cbf',
      '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
    ],
  ],
  [
    'C.5',
    RESPONSES,
    [
      '4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
      '4803 3330 37c1 c0bf',
      '88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31',
    ],
  ],
  [
    'C.6',
    RESPONSES,
    [
      '4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3',
      '4883 640e ffc1 c0bf',
      '88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07',
    ],
  ],
])('%s', (name, lists, blocks) => {
  const decoder = new HpackDecoder(LIMITS)
  if (name === 'C.5' || name === 'C.6') expect(decoded(decoder, hex('3fe101'))).toEqual([])
  expect(blocks.map((block) => decoded(decoder, hex(block)))).toEqual(lists)
  if (name !== 'C.5') return
  // What was evicted is not there: the table has three entries left.
  expect(decoded(decoder, hex('c0'))).toEqual(['date', 'Mon, 21 Oct 2013 20:13:22 GMT'])
  expect(decoded(decoder, hex('c1'))).toBe('an index of nothing')
})

// RFC 7541, 4.2 and 6.3: only at the beginning, and never beyond what we allow.
test('the size of the table', () => {
  const update = (size: number) => latin1(integerText(size, 5, 0x20))
  expect(decoded(new HpackDecoder(LIMITS), update(4_096))).toEqual([])
  expect(decoded(new HpackDecoder(LIMITS), update(4_097))).toBe('a larger table than is allowed')
  expect(decoded(new HpackDecoder(LIMITS), hex('8220'))).toBe('a change of the table behind a field')
  expect(decoded(new HpackDecoder(LIMITS), hex('202020'))).toBe('more changes of the table than can be meant')
})

// RFC 7541, 4.4.
test('a field larger than the table empties it', () => {
  const decoder = new HpackDecoder(LIMITS)
  expect(decoded(decoder, latin1(`${integerText(40, 5, 0x20)}\x40\x01a\x01b`))).toEqual(['a', 'b'])
  expect(decoded(decoder, hex('be'))).toEqual(['a', 'b'])
  expect(decoded(decoder, latin1('\x40\x05large\x05field'))).toEqual(['large', 'field'])
  expect(decoded(decoder, hex('be'))).toBe('an index of nothing')
})

test.each([
  ['80', 'an index of nothing'],
  ['be', 'an index of nothing'],
  ['7f00 0161', 'an index of nothing'],
  ['ff', 'an index of nothing'],
  ['40', 'a name that is no string'],
  ['4001', 'a name that is no string'],
  ['4001 61', 'a value that is no string'],
  ['4001 6102 62', 'a value that is no string'],
  ['4081 0001 61', 'a name that is no string'],
  ['4001 6181 ff', 'a value that is no string'],
  ['4001 617f ffff ffff 7f', 'a value that is no string'],
])('%s is not HPACK: %s', (block, problem) => {
  expect(decoded(new HpackDecoder(LIMITS), hex(block))).toBe(problem)
})

// RFC 9113, 8.2.1. The table goes on: what was remembered with the malformed field is still referred to properly.
test.each<[string, string, string]>([
  ['X-A', '1', 'a capital letter in the name of a field'],
  ['', '1', 'a field without a name'],
  [':', '1', 'a field without a name'],
  ['a b', '1', 'a name of a field that is none'],
  ['a\0', '1', 'a name of a field that is none'],
  ['a:b', '1', 'a name of a field that is none'],
  ['\xe9', '1', 'a name of a field that is none'],
  ['a', 'b\r\nc: d', 'a control character in the value of a field'],
  ['a', '\0', 'a control character in the value of a field'],
  ['a', '\x7f', 'a control character in the value of a field'],
  ['a', ' b', 'a space around the value of a field'],
  ['a', 'b\t', 'a space around the value of a field'],
])('%j: %j is %s', (name, value, flaw) => {
  const decoder = new HpackDecoder(LIMITS)
  const literal = `\x40${integerText(name.length, 7, 0)}${name}${integerText(value.length, 7, 0)}${value}`
  expect(decoded(decoder, latin1(`\x40\x01x\x01y${literal}`))).toBe(flaw)
  expect(decoded(decoder, hex('bf'))).toEqual(['x', 'y'])
  expect(decoded(decoder, hex('be'))).toBe(flaw)
  // With another value, its name is still what it was.
  const again = decoded(decoder, latin1('\x7e\x01z'))
  if (flaw.includes('name')) expect(again).toBe(flaw)
  else expect(again).toEqual([name, 'z'])
})

// Research, 3b 45: a field of 4,000 octets in the table, and a block that refers to it many thousand times.
test('a bomb of references is too large, and nothing of it is kept', () => {
  const decoder = new HpackDecoder(LIMITS)
  const value = 'x'.repeat(4_000)
  expect(decoded(decoder, latin1(`\x40\x01a${integerText(value.length, 7, 0)}${value}`))).toEqual(['a', value])
  expect(decoded(decoder, Buffer.alloc(32_768, 0xbe))).toBe('too large')
  expect(decoder.fields.length).toBeLessThanOrEqual(2 * 4)
  expect(decoded(decoder, Buffer.alloc(101, 0x82))).toBe('too large')
  expect(decoded(decoder, Buffer.alloc(100, 0x82))).toHaveLength(200)
})

const NAMES = [':path', ':status', 'accept', 'x-request-id', 'cookie', 'grpc-status', '__proto__', 'constructor', 'x']
const VALUES = [
  '',
  '/',
  '200',
  '0',
  'a b',
  '\xe9',
  'gzip, deflate',
  'v'.repeat(126),
  'v'.repeat(127),
  'v'.repeat(3_000),
]

test('what we encode is what was given', () => {
  const random = seededRandom(8)
  const decoder = new HpackDecoder({ listBytes: 1_000_000, fields: 100 })
  expect(decoded(decoder, latin1(EMPTY_TABLE_TEXT))).toEqual([])
  for (let i = 0; i < 300; i++) {
    const fields: string[] = []
    for (let n = Math.floor(random() * 20); n > 0; n--)
      fields.push(
        random() < 0.1 ? `x-${Math.floor(random() * 2_000)}` : (NAMES[Math.floor(random() * NAMES.length)] ?? ''),
        VALUES[Math.floor(random() * VALUES.length)] ?? '',
      )
    let text = ''
    for (let k = 0; k < fields.length; k += 2) text += fieldText(fields[k] ?? '', fields[k + 1] ?? '')
    expect(decoded(decoder, latin1(text))).toEqual(fields)
  }
})

// RFC 7541, 6.2.3: what came as never indexed is passed on as that.
test('fields of the static table are indices, all else is never indexed', () => {
  expect(fieldText(':status', '200')).toBe('\x88')
  expect(fieldText('authorization', 'x')).toBe('\x1f\x08\x01x')
  expect(fieldText(':authority', '')).toBe('\x11\x00')
  expect(fieldText('x-a', 'b')).toBe('\x10\x03x-a\x01b')
})

// Whatever octets come, reading them ends, and in one of the known ways.
test('random octets', () => {
  const { random, cases } = fuzz(13, 20_000)
  const ends = new Set<string>()
  for (let i = 0; i < cases; i++) {
    const decoder = new HpackDecoder(LIMITS)
    const block = Buffer.from(Array.from({ length: Math.floor(random() * 30) }, () => Math.floor(random() * 256)))
    const end = decoded(decoder, block)
    ends.add(typeof end === 'string' ? end : 'fields')
  }
  expect(ends.size).toBeGreaterThan(8)
})
