// Next calls this once when the server starts. What needs Node lies in a file that the edge build never loads.
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs') await import('./instrumentationNode.ts')
}
