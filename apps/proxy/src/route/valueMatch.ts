// Matches on header fields and query parameters, compiled, and where their values are found in a request.
import type { WireMatch } from '@heddle/shared/wire/config'
import type { RE2JS } from 're2js'
import { compileRegex } from './pathMatch.ts'

export interface ValueMatcher {
  readonly name: string
  readonly value: string
  /** null: the value must be equal. */
  readonly regex: RE2JS | null
}

/** Header names in lower case. Of entries with an equivalent name the first holds (HTTPHeaderMatch). */
export function compileHeaders(matches: WireMatch['headers']): readonly ValueMatcher[] {
  return compile(matches.map((match) => ({ ...match, name: match.name.toLowerCase() })))
}

/** Parameter names are exact; of equal ones the first holds (HTTPQueryParamMatch). */
export function compileQueryParams(matches: WireMatch['queryParams']): readonly ValueMatcher[] {
  return compile(matches)
}

function compile(matches: WireMatch['headers']): readonly ValueMatcher[] {
  const byName = new Map<string, ValueMatcher>()
  for (const { type, name, value } of matches)
    if (!byName.has(name))
      byName.set(name, { name, value, regex: type === 'RegularExpression' ? compileRegex(value) : null })
  return [...byName.values()]
}

export function matchesValue(matcher: ValueMatcher, value: string | undefined): boolean {
  if (value === undefined) return false
  return matcher.regex === null ? value === matcher.value : matcher.regex.testExact(value)
}

/** Every value of a field, joined with "," (RFC 9110, 5.3), so that no line of it escapes a match. */
export function headerValue(headers: readonly string[], lowerCaseName: string): string | undefined {
  let found: string | undefined
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]
    if (name === undefined || name.length !== lowerCaseName.length) continue
    if (name !== lowerCaseName && name.toLowerCase() !== lowerCaseName) continue
    const value = headers[i + 1] ?? ''
    found = found === undefined ? value : `${found},${value}`
  }
  return found
}

/** The first occurrence, decoded as forms are; the Gateway API leaves repeated ones to the implementation. */
export function queryValue(query: string, name: string): string | undefined {
  let from = 0
  while (from <= query.length && query !== '') {
    const ampersand = query.indexOf('&', from)
    const to = ampersand === -1 ? query.length : ampersand
    const equals = query.indexOf('=', from)
    const nameEnd = equals === -1 || equals > to ? to : equals
    if (decodeForm(query.slice(from, nameEnd)) === name) return decodeForm(query.slice(nameEnd + 1, to))
    from = to + 1
  }
  return undefined
}

/** What is not valid percent-encoded UTF-8 is compared as it came. */
function decodeForm(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}
