process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath
// Without the line above Prisma downloads an engine that only its own migrate commands use; packages/db applies the
// migrations itself. A plain object: the package that depends on Prisma is packages/db, not the root.
export default {
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
}
