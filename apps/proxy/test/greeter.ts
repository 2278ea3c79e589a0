// A worker of a cluster that greets whoever comes.
import { createServer } from 'node:net'

createServer((socket) => socket.on('error', () => {}).write('welcome')).listen(0, '127.0.0.1')
