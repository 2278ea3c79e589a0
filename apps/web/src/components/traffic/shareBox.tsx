// A share as a number: type it, or − and + (hold to go on). Arrow keys ±1, shift ±10.
'use client'
import { NumberField } from '@base-ui/react/number-field'
import { Minus, Plus } from 'lucide-react'

interface Props {
  label: string
  value: number
  /** Shown over a share that its whole percents do not tell, as "<1", until it is edited. */
  text: string
  disabled: boolean
  onChange: (value: number) => void
}

const stepClass =
  'grid w-7 place-items-center text-ink-2 hover:bg-hover-raised disabled:text-ink-3 max-md:w-12 focus-visible:outline-offset-[-2px]'

export function ShareBox({ label, value, text, disabled, onChange }: Readonly<Props>) {
  const isRounded = text !== String(value)
  return (
    <NumberField.Root
      value={value}
      min={0}
      max={100}
      step={1}
      largeStep={10}
      disabled={disabled}
      onValueChange={(next) => {
        if (next !== null && Number.isFinite(next)) onChange(Math.round(next))
      }}
    >
      <NumberField.Group className="flex h-7 w-fit overflow-clip rounded-2 border border-control bg-raised focus-within:outline-2 focus-within:outline-focus focus-within:outline-offset-2 data-disabled:border-dashed max-md:h-11">
        <NumberField.Decrement aria-label={`${label}, less`} className={stepClass}>
          <Minus size={13} aria-hidden />
        </NumberField.Decrement>
        <span className="relative flex w-[52px] items-center justify-center border-line border-x max-md:w-16">
          <NumberField.Input
            aria-label={label}
            aria-description={isRounded ? `${text} percent` : undefined}
            className={`peer w-7 bg-transparent text-right font-medium outline-none disabled:text-ink-3 max-md:text-16 ${isRounded ? 'not-focus:text-transparent' : ''}`}
          />
          {isRounded && (
            <span
              aria-hidden
              className="pointer-events-none absolute right-6 font-medium peer-focus:hidden max-md:text-16"
            >
              {text}
            </span>
          )}
          <span aria-hidden className="pl-1 text-ink-3">
            %
          </span>
        </span>
        <NumberField.Increment aria-label={`${label}, more`} className={stepClass}>
          <Plus size={13} aria-hidden />
        </NumberField.Increment>
      </NumberField.Group>
    </NumberField.Root>
  )
}
