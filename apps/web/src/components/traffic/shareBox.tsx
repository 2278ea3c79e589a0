// A share as a number: type it, or − and + (hold to go on). Arrow keys ±1, shift ±10.
'use client'
import { NumberField } from '@base-ui/react/number-field'
import { Minus, Plus } from 'lucide-react'

interface Props {
  label: string
  value: number
  disabled: boolean
  onChange: (value: number) => void
}

const stepClass =
  'grid w-7 place-items-center text-ink-2 hover:bg-hover-raised disabled:text-ink-3 max-md:w-12 focus-visible:outline-offset-[-2px]'

export function ShareBox({ label, value, disabled, onChange }: Readonly<Props>) {
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
        <span className="flex w-[52px] items-center justify-center border-line border-x max-md:w-28">
          <NumberField.Input
            aria-label={label}
            className="w-7 bg-transparent text-right font-medium outline-none disabled:text-ink-3 max-md:text-16"
          />
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
