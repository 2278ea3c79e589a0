// The four buttons of the console: primary (names the act), default, quiet, and the one that takes something away.
// A button that somebody may not press stays readable: dashed, with a lock and the reason (see permission.tsx).
import { Button as BaseButton } from '@base-ui/react/button'
import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { cx } from '@/lib/classes'

export const buttonClass = cva(
  'inline-flex shrink-0 items-center justify-center gap-2 whitespace-nowrap rounded-2 border font-medium text-13 transition-colors duration-(--t-fast) select-none max-md:min-h-11 max-md:text-14',
  {
    variants: {
      look: {
        primary: 'border-accent bg-accent text-accent-on hover:border-accent-hover hover:bg-accent-hover',
        default: 'border-line-strong bg-raised text-ink hover:bg-hover-raised active:bg-press',
        quiet: 'border-transparent bg-transparent text-ink-2 hover:bg-hover hover:text-ink active:bg-press',
        danger: 'border-fail-line bg-raised text-fail-text hover:bg-fail-tint',
        barred: 'cursor-not-allowed border-control/60 border-dashed bg-transparent text-ink-3',
      },
      size: { small: 'h-7 px-2.5', medium: 'h-8 px-3', icon: 'size-8 max-md:min-w-11' },
    },
    defaultVariants: { look: 'default', size: 'medium' },
  },
)

type Props = ComponentProps<typeof BaseButton> & VariantProps<typeof buttonClass>

export function Button({ look, size, className, disabled, ...rest }: Props) {
  return (
    <BaseButton
      type="button"
      focusableWhenDisabled
      disabled={disabled}
      {...rest}
      className={cx(buttonClass({ look: disabled ? 'barred' : look, size }), className)}
    />
  )
}
