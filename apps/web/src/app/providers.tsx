// What every page of the browser stands on: the API's client, the URL's state, toasts.
'use client'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import type { ReactNode } from 'react'
import { Toaster } from 'sonner'
import { TRPCProvider } from '@/trpc/client'

export function Providers({ children }: Readonly<{ children: ReactNode }>) {
  return (
    <TRPCProvider>
      <NuqsAdapter>{children}</NuqsAdapter>
      <Toaster
        position="bottom-center"
        offset={{ bottom: 24 }}
        mobileOffset={{ bottom: 72 }}
        toastOptions={{ unstyled: true, className: 'heddle-toast' }}
      />
    </TRPCProvider>
  )
}
