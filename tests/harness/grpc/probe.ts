// A program with a client of gRPC and no word of the mesh: `node probe.ts HOST:PORT` asks the Loom and its health, and
// prints one line of JSON.
import { once } from 'node:events'
import { GrpcClient } from './client.ts'
import { HEALTH } from './health.ts'
import { LOOM, LOOM_NAME } from './loom.ts'

const [target = ''] = process.argv.slice(2)
using client = new GrpcClient(target)
const { answer: said } = await client.unary(LOOM.Say, 'warp')
const { answer: health } = await client.unary(HEALTH.Check, { service: LOOM_NAME })
const talk = client.bidirectional(LOOM.Talk)
talk.write('weft')
const [echoed] = await once(talk, 'data')
talk.end()
await once(talk.resume(), 'end')
console.log(JSON.stringify({ said, health: health.status, echoed }))
