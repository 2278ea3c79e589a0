// The frame around every page behind the sign-in: rail, bar, and the one live stream.
import type { ReactNode } from 'react'
import { Frame } from '@/components/frame/frame'

export default function ConsoleLayout({ children }: Readonly<{ children: ReactNode }>) {
  return <Frame>{children}</Frame>
}
