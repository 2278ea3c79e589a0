// Who may do what: one pure function, asked by the procedures (which enforce) and by the pages (which explain).

export const ROLES = ['viewer', 'operator', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** What can be done; a resource's kind is part of the action where it matters. */
export const ACTIONS = {
  'mesh.read': 'viewer',
  /** One's own sessions; somebody else's are never in reach. */
  'session.own': 'viewer',
  'route.write': 'operator',
  'rule.write': 'operator',
  'service.write': 'operator',
  'change.revert': 'operator',
  'settings.write': 'admin',
  'joinToken.read': 'admin',
  'joinToken.write': 'admin',
  'apiToken.read': 'admin',
  'apiToken.write': 'admin',
  'user.read': 'admin',
  'user.write': 'admin',
} as const satisfies Record<string, Role>

export type Action = keyof typeof ACTIONS

export type Permission = { allowed: true } | { allowed: false; reason: string }

/** Operators do what viewers do, admins do everything. `role` is null for somebody who is not signed in. */
export function can(role: Role | null, action: Action): Permission {
  const needed = ACTIONS[action]
  if (role === null) return { allowed: false, reason: 'Sign in first.' }
  if (ROLES.indexOf(role) >= ROLES.indexOf(needed)) return { allowed: true }
  return {
    allowed: false,
    reason: `This needs the role ${needed}; you are ${role}. Ask an admin.`,
  }
}
