// What may be a user's name, as forms say it before anything is sent; the server has the last word.

/** Of a name in lower case. */
export const USER_NAME = /^[a-z0-9][a-z0-9._+-]*(?:@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)?$/
export const USER_NAME_LEAST = 2
export const USER_NAME_MOST = 64
export const USER_NAME_RULE = 'an e-mail address, or letters, digits, ".", "_", "+" and "-"'

/** A sentence; null: it may be a name. Spaces around it and capitals do not matter. */
export function userNameMistake(typed: string): string | null {
  const name = typed.trim().toLowerCase()
  if (name.length < USER_NAME_LEAST) return `A name has at least ${USER_NAME_LEAST} characters.`
  if (name.length > USER_NAME_MOST) return `A name has at most ${USER_NAME_MOST} characters.`
  return USER_NAME.test(name) ? null : `A name is ${USER_NAME_RULE}.`
}
