// One backend's share as a thread through an eye. Drag, arrows ±1, shift ±10; a tick shows where it is now, dashes how
// far it would go.
'use client'
import { Slider } from '@base-ui/react/slider'

interface Props {
  label: string
  value: number
  now: number
  /** The stored share as text; "<1" where it rounds to nothing. */
  nowText: string
  color: string
  disabled: boolean
  onChange: (value: number) => void
}

const TICKS = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100] as const

export function EyeSlider({ label, value, now, nowText, color, disabled, onChange }: Readonly<Props>) {
  const isMoved = value !== now
  const [low, high] = [Math.min(value, now), Math.max(value, now)]
  return (
    <Slider.Root
      value={value}
      min={0}
      max={100}
      step={1}
      largeStep={10}
      disabled={disabled}
      onValueChange={(next) => onChange(next)}
      className="group w-full max-md:mt-4"
    >
      <Slider.Control className="relative flex h-11 w-full touch-none select-none items-center data-disabled:cursor-not-allowed">
        <span aria-hidden className="pointer-events-none absolute inset-x-0 top-[calc(50%+9px)] h-2">
          {TICKS.map((tick) => (
            <span
              key={tick}
              className={`absolute w-px bg-line-strong ${tick % 50 === 0 ? 'h-1.5' : 'h-1'}`}
              style={{ left: `${tick}%` }}
            />
          ))}
        </span>
        <Slider.Track className="relative h-px w-full bg-control">
          <span
            aria-hidden
            className="-translate-y-1/2 absolute top-1/2 left-0 h-[3px]"
            style={{ width: `${low}%`, background: color }}
          />
          {isMoved && (
            <>
              <span
                aria-hidden
                className="-translate-y-1/2 absolute top-1/2 h-[3px]"
                style={{
                  left: `${low}%`,
                  width: `${high - low}%`,
                  background: `repeating-linear-gradient(90deg, ${color} 0 2px, transparent 2px 4.5px)`,
                }}
              />
              <span
                aria-hidden
                className="-translate-y-1/2 absolute top-1/2 h-4 w-px bg-ink-2"
                style={{ left: `${now}%` }}
              />
              <span
                aria-hidden
                className="-translate-x-1/2 absolute bottom-3 whitespace-nowrap text-12 text-ink-2"
                style={{ left: `clamp(24px, ${now}%, calc(100% - 24px))`, opacity: Math.abs(value - now) < 7 ? 0 : 1 }}
              >
                now {nowText}
              </span>
            </>
          )}
          <Slider.Thumb
            aria-label={label}
            getAriaValueText={(_formatted, share) =>
              share === now ? `${spoken(nowText)} percent` : `${share} percent, now ${spoken(nowText)}`
            }
            className="group/eye grid size-11 place-items-center outline-none"
          >
            <span
              aria-hidden
              className="absolute bottom-[38px] rounded-1 bg-ink px-1.5 py-0.5 font-semibold text-12 text-canvas opacity-0 group-has-focus-visible/eye:opacity-100 group-data-dragging/eye:opacity-100"
            >
              {value} %
            </span>
            <svg
              viewBox="0 0 20 34"
              aria-hidden
              className="h-[28px] w-4 overflow-visible rounded-full group-has-focus-visible/eye:outline-2 group-has-focus-visible/eye:outline-focus group-has-focus-visible/eye:outline-offset-2 max-md:h-[34px] max-md:w-5"
            >
              <rect
                x={1}
                y={1}
                width={18}
                height={32}
                rx={9}
                fill="var(--canvas)"
                stroke="var(--text-1)"
                strokeWidth={1.9}
                className="group-data-disabled:stroke-ink-3"
              />
              <path d="M1 17h18" stroke={color} strokeWidth={3} />
              <rect
                x={6}
                y={8}
                width={8}
                height={18}
                rx={4}
                fill="none"
                stroke="var(--text-1)"
                strokeWidth={1.6}
                className="group-data-disabled:stroke-ink-3"
              />
            </svg>
          </Slider.Thumb>
        </Slider.Track>
      </Slider.Control>
    </Slider.Root>
  )
}

/** "<1" as it is said. */
const spoken = (text: string) => text.replace('<', 'less than ').replace('>', 'more than ')
