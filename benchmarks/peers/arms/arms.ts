// All arms, in the order of ARM_NAMES.
import type { Arm } from './arm.ts'
import { direct } from './direct.ts'
import { envoy } from './envoy.ts'
import { haproxy } from './haproxy.ts'
import { heddle } from './heddle.ts'
import { httpProxy3 } from './httpProxy3.ts'
import { nginx } from './nginx.ts'

export const ARMS: readonly Arm[] = [heddle, nginx, haproxy, envoy, httpProxy3, direct]
