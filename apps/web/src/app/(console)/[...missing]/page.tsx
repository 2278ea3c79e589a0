// Takes every address that no other page takes, so that it is answered 404 within the frame.
import { notFound } from 'next/navigation'

export const metadata = { title: 'Not found' }

export default function MissingPage() {
  notFound()
}
