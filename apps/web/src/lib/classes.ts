// Joins class names; a later Tailwind class wins over an earlier one of its kind.
import { type ClassValue, clsx } from 'clsx'
import { extendTailwindMerge } from 'tailwind-merge'

const merge = extendTailwindMerge({
  extend: { classGroups: { 'font-size': [{ text: ['12', '13', '14', '16', '20', '24'] }] } },
})

export function cx(...classes: ClassValue[]): string {
  return merge(clsx(classes))
}
