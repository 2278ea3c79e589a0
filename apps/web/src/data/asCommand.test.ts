import { expect, test } from 'vitest'
import { statCommand } from './asCommand.ts'

// Pasted into a shell it is one command, whose window is the page's.
test('the command of a route', () => {
  const command = statCommand({ service: 'catalog', route: 'catalog/products' }, 3_600_000)
  expect(command.replaceAll(/ \\\n\s+/g, ' ')).toBe('heddle stat routes catalog --route catalog/products --window 1h')
})
