// A service's name as it came from an address: what is no name at all is passed on as it is, and the API refuses it.
import type { ServiceName } from '@heddle/shared/names'

export function asServiceName(text: string): ServiceName {
  return text as ServiceName
}
