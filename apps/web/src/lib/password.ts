// The least length of a password, as the form shows it; the server has the last word.
export const PASSWORD_LEAST = 10
