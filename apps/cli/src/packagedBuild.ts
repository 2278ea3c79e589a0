// Stands for scripts/build.mjs in the package: what runs the mesh itself is not in there and cannot be built.
import { AdviceError } from './terminal/advice.ts'

async function refuse(): Promise<never> {
  throw new AdviceError('This command runs the mesh itself, and this is the package for machines that join one.', {
    advice: 'Run it in a clone of Heddle, where the control plane and the console are: docs/second-machine.md.',
  })
}

export { refuse as ensureBundle, refuse as ensureConsole, refuse as ensureGenerated }
