// The console's running parts, put together once per process.
export interface Console {
  readonly url: string
}
