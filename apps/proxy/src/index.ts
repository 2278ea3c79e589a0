// What other workspaces may use of the proxy: starting one.
export { type ProxyOptions, type RunningProxy, startProxy } from './app.ts'
export { type ProxyConfig, readConfig } from './config.ts'
export { runProxy } from './lifecycle/process.ts'
export { EXIT, StartError } from './lifecycle/startError.ts'
export type { Ports } from './state/stateDirectory.ts'
