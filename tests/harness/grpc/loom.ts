// A service of gRPC for the tests, defined by hand: its messages are texts, so that no schema has to be compiled.
import type { MethodDefinition } from '@grpc/grpc-js'

export const LOOM_NAME = 'heddle.test.Loom'

const method = (name: string, requestStream: boolean, responseStream: boolean): MethodDefinition<string, string> => ({
  path: `/${LOOM_NAME}/${name}`,
  requestStream,
  responseStream,
  requestSerialize: textToBytes,
  requestDeserialize: bytesToText,
  responseSerialize: textToBytes,
  responseDeserialize: bytesToText,
})

/** What each does is said where it is done, in server.ts. */
export const LOOM = {
  Say: method('Say', false, false),
  Fail: method('Fail', false, false),
  Flaky: method('Flaky', false, false),
  Hang: method('Hang', false, false),
  Hung: method('Hung', false, false),
  SetServing: method('SetServing', false, false),
  Count: method('Count', false, true),
  Sum: method('Sum', true, false),
  Talk: method('Talk', true, true),
} as const

function textToBytes(text: string): Buffer {
  return Buffer.from(text)
}

function bytesToText(bytes: Buffer): string {
  return bytes.toString()
}
