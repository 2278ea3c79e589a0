// The storefront: what shoppers see. Pages are put together from the services behind; `/live` is a WebSocket that
// tells of every order.
import { WebSocket, WebSocketServer } from 'ws'
import { callService } from './callService.ts'
import { HttpError, serve } from './httpServer.ts'

const watchers = new WebSocketServer({ noServer: true, maxPayload: 1024 })

const tell = (event: object): void => {
  for (const watcher of watchers.clients) if (watcher.readyState === WebSocket.OPEN) watcher.send(JSON.stringify(event))
}

const server = serve('storefront', async ({ method, path, query, body }) => {
  const shopper = query.get('shopper') ?? 'guest'
  const cart = `http://cart/carts/${encodeURIComponent(shopper)}`
  if (method === 'GET' && path === '/') {
    const [products, items] = await Promise.all([callService('http://catalog/products'), callService(cart)])
    return { body: { products, cart: items } }
  }
  const [, product] = /^\/products\/([^/]+)$/.exec(path) ?? []
  if (method === 'GET' && product !== undefined)
    return { body: await callService(`http://catalog/products/${product}`) }
  if (method === 'POST' && path === '/cart')
    return { status: 201, body: await callService(cart, { method: 'POST', body }) }
  if (method === 'POST' && path === '/checkout') {
    const order = await callService('http://checkout/orders', { method: 'POST', body: { shopper } })
    tell({ event: 'sold', order })
    return { status: 201, body: order }
  }
  throw new HttpError(404, `there is no ${method} ${path}`)
})

server.on('upgrade', (request, socket, head) => {
  if (new URL(request.url ?? '/', 'http://shop').pathname !== '/live') {
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    return
  }
  watchers.handleUpgrade(request, socket, head, (watcher) => watcher.send(JSON.stringify({ event: 'welcome' })))
})
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    // 1001, "going away": the watcher comes back to another instance.
    for (const watcher of watchers.clients) watcher.close(1001)
  })
