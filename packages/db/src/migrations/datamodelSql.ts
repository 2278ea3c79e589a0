// The SQL that makes an empty database into what schema.prisma says: for writing a migration, and for the test that
// compares the migrations with the schema. Prisma's engine as WebAssembly; its native one is a download.

import { PrismaPg } from '@prisma/adapter-pg'
import { bindSqlAdapterFactory, type ErrorCapturingSqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { SchemaEngine } from '@prisma/schema-engine-wasm'

/** `url`: any live database; it is asked for its version only. `from`: an older schema.prisma, or null for empty. */
export async function datamodelSql(url: string, from: string | null, to: string): Promise<string> {
  const adapter: ErrorCapturingSqlDriverAdapterFactory = bindSqlAdapterFactory(new PrismaPg({ connectionString: url }))
  const engine = await SchemaEngine.new({ datamodels: [['schema.prisma', to]] }, () => {}, adapter)
  const datamodel = (content: string) => ({
    tag: 'schemaDatamodel' as const,
    files: [{ path: 'schema.prisma', content }],
  })
  const { stdout } = await engine.diff({
    from: from === null ? { tag: 'empty' } : datamodel(from),
    to: datamodel(to),
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  })
  engine.free()
  return stdout ?? ''
}
