import { ask, change } from './api.ts'
import { expect, expectAccessible, test } from './console.ts'
import { newName } from './people.ts'

// A service of TCP takes connections: no page of it speaks of what only requests have, nor offers a route, and one that is
// stored for it all the same is said to do nothing.
test('a service of TCP speaks of connections', async ({ page }) => {
  const name = newName('redis')
  const service = { apiVersion: 'heddle.dev/v1', kind: 'Service', metadata: { name }, spec: { protocol: 'tcp' } }
  const route = {
    ...{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name } },
    spec: { parentRefs: [{ kind: 'Service', name }], rules: [{ name: 'all' }] },
  }
  await page.goto('/services')
  await change(page, 'config.put', { documents: [service] })
  const main = page.getByRole('main')
  try {
    await page.goto(`/services/${name}/routes`)
    const routes = main.getByRole('region', { name: 'Routes' })
    await expect(routes).toContainText('All connections')
    await expect(routes).toContainText('none can be added')
    await expect(routes).toContainText(`heddle run --upstream ${name}:PORT`)
    await expect(main.getByRole('button', { name: 'Add route' })).toHaveCount(0)
    await expect(main.getByRole('link', { name: 'Routes in winning order' })).toHaveCount(0)
    await expectAccessible(page)

    await page.goto(`/services/${name}`)
    await expect(main.getByRole('heading', { name: 'Where connections go' })).toBeVisible()
    await expect(main).toContainText('No connection has reached it yet.')

    await page.goto(`/services/${name}/access?caller=cart`)
    await expect(main).toContainText('No connection was denied')
    await expect(main).toContainText(`Every service of the mesh may connect to ${name}`)
    const tester = main.getByRole('region', { name: 'Ask before you call' })
    await expect(tester).toContainText('The whole connection is judged')
    await expect(tester.getByLabel('Call path')).toHaveCount(0)
    await main.getByRole('button', { name: 'Write a rule' }).click()
    await expect(main.getByText('to connect to').last()).toBeVisible()
    await expect(main.getByRole('combobox', { name: 'Route' })).toHaveCount(0)

    await page.goto(`/services/${name}/settings`)
    await expect(main).toContainText('more connections are refused')

    await change(page, 'config.put', { documents: [route] })
    await page.goto(`/services/${name}/traffic`)
    await expect(main).toContainText('These routes do nothing')
    await expect(main.getByRole('button', { name: 'Add route' })).toHaveCount(0)
    await page.goto(`/services/${name}/routes`)
    await expect(routes).toContainText(`${name}/all is stored for it all the same.`)
    await routes.getByRole('link', { name: 'Look at or delete' }).click()
    await expect(page).toHaveURL(/\/traffic/)
  } finally {
    await ask(page, 'config.delete', { ref: { kind: 'HTTPRoute', name } })
    await ask(page, 'config.delete', { ref: { kind: 'Service', name } })
  }
})
