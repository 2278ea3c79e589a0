// Regular expressions of routes and rules run on RE2 (linear time in the input), never on RegExp.
import { RE2JS } from 're2js'

export function isRegularExpression(text: string): boolean {
  try {
    RE2JS.compile(text)
    return true
  } catch {
    return false
  }
}
