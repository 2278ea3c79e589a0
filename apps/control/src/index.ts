// The control plane, for tests and for whoever wants one in their own process.
export { type ControlOptions, type RunningControl, startControl } from './app.ts'
export { type ControlConfig, readConfig } from './config.ts'
