// A client as applications write it, run on several Node versions by envProxy.test.ts: plain calls, no proxy anywhere.
import http, { get as namedGet } from 'node:http'

const direct = process.argv[2]

const bodyOf = (response) =>
  new Promise((resolve, reject) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (chunk) => {
      text += chunk
    })
    response.on('end', () => resolve(text))
    response.on('error', reject)
  })
const via = (send, ...args) =>
  new Promise((resolve, reject) => {
    const request = send(...args, (response) => resolve(bodyOf(response)))
    request.on('error', reject)
    request.end()
  })

const agent = new http.Agent({ keepAlive: true })
const results = {
  fetch: await (await fetch('http://catalog/fetch?x=1')).text(),
  fetchRequest: await (await fetch(new Request('http://catalog:80/request', { headers: { 'x-a': '1' } }))).text(),
  fetchPost: await (await fetch('http://catalog:8080/post', { method: 'POST', body: 'hello' })).text(),
  fetchRedirect: await (await fetch('http://catalog/redirect')).text(),
  get: await via(http.get, 'http://catalog/get'),
  namedGet: await via(namedGet, new URL('http://catalog/named')),
  request: await via(http.request, { host: 'catalog', path: '/options', method: 'PUT', headers: { Host: 'catalog' } }),
  requestPair: await via(http.request, 'http://catalog/pair', { headers: ['host', 'catalog', 'x-a', '1'] }),
  keepAlive: await via(http.get, 'http://catalog/agent', { agent }),
  direct: await via(http.get, `${direct}/direct`),
  fetchDirect: await (await fetch(`${direct}/direct`)).text(),
}
agent.destroy()
process.stdout.write(JSON.stringify(results))
