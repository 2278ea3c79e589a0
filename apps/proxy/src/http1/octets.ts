// What an octet may be a part of (RFC 9110, 5.6.2 and 5.5), as tables: one load for each octet of a head.

export const HTAB = 0x09
export const LF = 0x0a
export const CR = 0x0d
export const SPACE = 0x20
export const COLON = 0x3a

/** Of an octet of a token its lower case, 0 of every other. */
export const TOKEN_LOWER = new Uint8Array(256)
for (const char of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz")
  TOKEN_LOWER[char.charCodeAt(0)] = char.charCodeAt(0)
for (let code = 0x41; code <= 0x5a; code++) TOKEN_LOWER[code] = code + 0x20

/** 1 for what may stand in a line: tab, space, what is visible, and the upper half, which nobody interprets. */
export const IS_TEXT = new Uint8Array(256)
IS_TEXT[HTAB] = 1
for (let code = 0x20; code <= 0xff; code++) if (code !== 0x7f) IS_TEXT[code] = 1

export const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** A value of a field as it is written: no control characters, no space around it. */
export const FIELD_VALUE = /^(?:[\x21-\x7e\x80-\xff](?:[\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/
