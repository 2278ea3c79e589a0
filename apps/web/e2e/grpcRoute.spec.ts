import { ask, change } from './api.ts'
import { expect, expectAccessible, test } from './console.ts'
import { newName } from './people.ts'

// A GRPCRoute made by hand: its match, two backends, its retries by fields, as YAML and by fields again; then edited, told about where its service's protocol is taken back, and deleted.
test('a GRPCRoute made by hand', async ({ page }) => {
  test.slow()
  const name = newName('ledger')
  const document = (of: string) => ({
    ...{ apiVersion: 'heddle.dev/v1', kind: 'Service', metadata: { name: of }, spec: { protocol: 'grpc' } },
  })
  await page.goto('/traffic')
  await change(page, 'config.put', { documents: [document(name), document(`${name}-next`)] })
  try {
    await page.goto(`/services/${name}/traffic`)
    await page.getByRole('button', { name: 'Add route' }).click()
    const editor = page.getByRole('region', { name: 'New route' })
    await editor.getByLabel('Service of gRPC').fill('shop.v1.Ledger')
    await editor.getByLabel('Method of gRPC').fill('GetEntry')
    await editor.getByRole('button', { name: 'header', exact: true }).first().click()
    await editor.getByLabel('Header name').fill('x-tenant')
    await editor.getByLabel('Header value').fill('acme')
    for (const [i, backend] of [name, `${name}-next`].entries()) {
      await editor.getByRole('button', { name: 'backend', exact: true }).click()
      const field = editor.getByLabel(`Backend ${i + 1}`, { exact: true })
      await field.fill(backend)
      // What it suggests lies over the rest of the page.
      await field.press('Escape')
    }
    const retries = editor.getByRole('group', { name: 'Retries' })
    await retries.getByRole('checkbox', { name: /^Ask again/ }).check()
    await expect(retries).toContainText('1 × on UNAVAILABLE')
    await retries.getByRole('button', { name: 'Take out UNAVAILABLE' }).click()
    await editor.getByRole('button', { name: 'Review route' }).click()
    await expect(retries.getByRole('alert')).toHaveText('names at least one status')
    await retries.getByRole('combobox', { name: 'Add status' }).click()
    await page.getByRole('option', { name: 'RESOURCE_EXHAUSTED' }).click()
    await retries.getByLabel('Repeats at most').fill('2')
    await expect(retries).toContainText('2 × on RESOURCE_EXHAUSTED')
    await expectAccessible(page)
    await editor.getByRole('button', { name: 'YAML' }).click()
    const yaml = editor.getByRole('textbox', { name: 'GRPCRoute as YAML' })
    const written = await yaml.inputValue()
    expect(written).toContain('heddle.dev/retry-grpc: resource-exhausted')
    await yaml.fill(written.replace('retry-grpc: resource-exhausted', 'retry-grpc: unavailable,aborted'))
    await editor.getByRole('button', { name: 'Form' }).click()
    await expect(editor.getByLabel('Method of gRPC')).toHaveValue('GetEntry')
    await expect(retries).toContainText('2 × on UNAVAILABLE, ABORTED')
    await editor.getByRole('button', { name: 'Review route' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('repeated 2 × on UNAVAILABLE, ABORTED')
    // As it was written: nobody touched it in the fields.
    await expect(dialog.getByRole('region', { name: 'Difference' })).toContainText('retry-grpc: unavailable,aborted')
    await dialog.getByRole('button', { name: 'Add route' }).click()
    const row = page.getByRole('button', { name: /GetEntry/ })
    await expect(row).toBeVisible()
    if ((await row.getAttribute('aria-expanded')) !== 'true') await row.click()
    await expect(page.getByText('retries 2 × on UNAVAILABLE, ABORTED')).toBeVisible()

    // A second rule of the route has its retries, and does not take them away.
    await page.getByRole('button', { name: 'Add route' }).click()
    await expect(retries.getByRole('checkbox', { name: /^Ask again/ })).toBeChecked()
    await editor.getByRole('combobox', { name: 'GRPCRoute' }).click()
    await page.getByRole('option', { name: 'a new GRPCRoute' }).click()
    await expect(retries.getByRole('checkbox', { name: /^Ask again/ })).not.toBeChecked()
    await editor.getByRole('button', { name: 'Cancel' }).click()

    await page.getByRole('button', { name: 'Edit route' }).click()
    const edit = page.getByRole('region', { name: /^Edit / })
    await expect(edit.getByLabel('Header value')).toHaveValue('acme')
    await edit.getByLabel('Weight of backend 2').fill('3')
    await edit.getByRole('button', { name: 'Review route' }).click()
    await dialog.getByRole('button', { name: 'Apply route' }).click()
    await expect(dialog).toBeHidden()

    await page.goto(`/services/${name}/settings`)
    await page.getByRole('combobox', { name: 'Protocol' }).click()
    await page.getByRole('option', { name: /^http/ }).first().click()
    await page.getByRole('button', { name: /^Review/ }).click()
    await expect(dialog).toContainText('takes gRPC calls')
    await dialog.getByRole('button', { name: 'Keep editing' }).click()

    await page.goto(`/services/${name}/traffic`)
    await expect(row).toBeVisible()
    if ((await row.getAttribute('aria-expanded')) !== 'true') await row.click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await dialog.getByRole('button', { name: 'Delete route' }).click()
    await expect(row).toBeHidden()
  } finally {
    await ask(page, 'config.delete', { ref: { kind: 'GRPCRoute', name } })
    for (const service of [name, `${name}-next`])
      await ask(page, 'config.delete', { ref: { kind: 'Service', name: service } })
  }
})
