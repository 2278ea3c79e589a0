import type { MeshService } from './mesh.ts'

/** RSS of a service's proxy, as its own metrics tell. */
export async function residentBytes(service: MeshService): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${service.proxy.admin}/metrics`)).text()
  return Number(/^process_resident_memory_bytes(?:\{[^}]*\})? (\S+)/m.exec(text)?.[1])
}
