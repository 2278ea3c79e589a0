// What tests of several workspaces share: real certificates, real servers, a clock and randomness in hand.
export * from './backend.ts'
export * from './certificates.ts'
export * from './eventually.ts'
export * from './fakeClock.ts'
export * from './fuzz.ts'
export * from './outcomes.ts'
export * from './random.ts'
