import type { WireAccessRule } from '@heddle/shared/wire/config'
export interface AccessTable {
  readonly defaultAccess: 'allow' | 'deny'
  readonly rules: readonly WireAccessRule[]
}
/** @throws Error that names the rule, where a regular expression or a path cannot be compiled. */
export function compileAccess(rules: readonly WireAccessRule[], defaultAccess: 'allow' | 'deny'): AccessTable {
  throw new Error(`pending ${rules.length} ${defaultAccess}`)
}
