// The migrations that this build knows, oldest first: prisma/migrations without reading it, since the console is
// bundled without that folder. A test compares the two.

export const MIGRATIONS = [
  '20261123170000_first_tables',
  '20261123170100_metrics',
  '20261130040000_metrics_by_time',
] as const
