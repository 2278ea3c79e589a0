// A worker of a cluster that greets whoever comes, at either of two ports.
import { createServer } from 'node:net'

for (let port = 0; port < 2; port++)
  createServer((socket) => socket.on('error', () => {}).write('welcome')).listen({ host: '127.0.0.1', port: 0 })
