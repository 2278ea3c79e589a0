// The document itself broke, so nothing of it can be used here, neither its styles nor its providers.
'use client'

interface Props {
  reset: () => void
}

export default function EverythingBroke({ reset }: Readonly<Props>) {
  return (
    <html lang="en">
      <body style={{ margin: 0, font: '14px/20px ui-sans-serif, system-ui, sans-serif', colorScheme: 'light dark' }}>
        <main style={{ maxWidth: 520, margin: '96px auto', padding: '0 24px' }}>
          <h1 style={{ fontSize: 20, lineHeight: '28px' }}>The console broke</h1>
          <p>Traffic is not affected: proxies go on with the configuration they hold.</p>
          <button type="button" onClick={reset}>
            Try again
          </button>
        </main>
      </body>
    </html>
  )
}
