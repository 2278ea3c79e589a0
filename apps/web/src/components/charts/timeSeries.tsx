// The console's one wrapper of uPlot: made once, then fed; resized with its box; colours read from the tokens again when
// the theme changes. Drawing only: labels, marks, gaps, tooltip and table stand around it as elements.
'use client'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import { wallClock, type Zone } from '@/data/zone'
import { onThemeChange, resolveColor } from './colors'

export interface Line {
  /** undefined: this line has longer steps, and goes on to its next value; null is a gap. */
  values: readonly (number | null | undefined)[]
  /** A CSS colour; tokens as `var(--…)`. */
  color: string
  kind: 'line' | 'area' | 'bars'
  dash?: number[]
  /** Fill of an area. */
  fill?: string
  /** Bars have a scale of their own: this is its top. */
  top?: number
}

interface Props {
  /** Seconds since the epoch. */
  times: readonly number[]
  lines: readonly Line[]
  height: number
  /** Both ends of the y axis, and where its ticks are. */
  range: readonly [number, number]
  ticks: readonly number[]
  tickText: (value: number) => string
  showTimeAxis: boolean
  /** Of the time axis. */
  zone: Zone
  /** Charts with the same key have one cursor. */
  syncKey: string
  /** Step under the cursor; null when it leaves. */
  onCursor: (index: number | null) => void
  /** A cursor moved by keys; null leaves the mouse's alone. */
  cursor: number | null
  /** A stretch was dragged over, in milliseconds since the epoch. */
  onZoom: (from: number, to: number) => void
  /** Pressed twice. */
  onZoomOut: () => void
  /** Draws on the plot before its lines: cells of a heatmap. */
  paint?: ((chart: uPlot) => void) | undefined
}

export const Y_AXIS_WIDTH = 56
/** Above and below the plot, so that a tick's text at either end is not cut. */
export const PAD = 10
const TIME_AXIS_HEIGHT = 22
const TIME_TEXT_WIDTH = 36

export function TimeSeries(props: Readonly<Props>) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  // uPlot keeps the closures of its first options: they read what is current from here.
  const current = useRef(props)
  current.current = props
  const shape = `${props.lines.map((line) => `${line.kind}${line.color}${line.fill}`).join()}|${props.showTimeAxis}|${props.syncKey}|${props.zone}`

  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew only when the kind of its lines changes, never for data
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const chart = new uPlot(optionsOf(current, element), dataOf(current.current), element)
    plot.current = chart
    const resize = new ResizeObserver(([entry]) => {
      if (entry !== undefined)
        chart.setSize({ width: Math.floor(entry.contentRect.width), height: heightOf(current.current) })
    })
    resize.observe(element)
    const forgetTheme = onThemeChange(() => chart.redraw(false))
    return () => {
      forgetTheme()
      resize.disconnect()
      chart.destroy()
      plot.current = null
    }
  }, [shape])

  // Drawn again for numbers, not for a cursor or a second that has passed.
  const { times, lines, range, paint } = props
  // biome-ignore lint/correctness/useExhaustiveDependencies: the ends of the axis and the cells are drawn, though not data
  useEffect(() => plot.current?.setData(dataOf({ times, lines })), [times, lines, range, paint])
  useEffect(() => {
    const chart = plot.current
    if (chart === null || props.cursor === null || chart.cursor.idx === props.cursor) return
    const time = current.current.times[props.cursor]
    if (time !== undefined)
      chart.setCursor({ left: chart.valToPos(time, 'x'), top: chart.over.clientHeight / 2 }, false)
  }, [props.cursor])

  return <div ref={box} aria-hidden style={{ height: heightOf(props) }} className="w-full overflow-hidden" />
}

const heightOf = ({ height, showTimeAxis }: Props) => height + (showTimeAxis ? TIME_AXIS_HEIGHT : 0)

function dataOf({ times, lines }: Pick<Props, 'times' | 'lines'>): uPlot.AlignedData {
  // Without a line there is no scale of its own: a row of nothing stands in.
  const values = lines.length === 0 ? [times.map(() => null)] : lines.map((line) => [...line.values])
  return [[...times], ...values]
}

function optionsOf(current: { current: Props }, element: HTMLElement): uPlot.Options {
  const { lines, showTimeAxis, syncKey, zone } = current.current
  const color = (value: string) => () => resolveColor(value)
  const axis = {
    font: `12px ${getComputedStyle(element).fontFamily}`,
    stroke: color('var(--text-2)'),
    ticks: { show: false },
  }
  return {
    width: element.clientWidth,
    height: heightOf(current.current),
    padding: [PAD, 0, showTimeAxis ? 0 : PAD, 0],
    legend: { show: false },
    cursor: {
      y: false,
      // What is dragged over becomes the page's range, so the plot itself does not zoom.
      drag: { x: true, y: false, setScale: false },
      sync: { key: syncKey, setSeries: false, filters: { pub: isCursorEvent } },
      bind: {
        dblclick: () => () => {
          current.current.onZoomOut()
          return null
        },
      },
      points: {
        size: (_chart, i) => (isRead(current.current.lines[i - 1]) ? 5 : 0),
        fill: (chart, i) => seriesColor(chart, i),
        stroke: (chart, i) => seriesColor(chart, i),
      },
    },
    hooks: {
      setCursor: [(chart) => current.current.onCursor(chart.cursor.idx ?? null)],
      setSelect: [(chart) => zoom(chart, current.current.onZoom)],
      drawAxes: [(chart) => current.current.paint?.(chart)],
    },
    scales: {
      x: { time: true },
      y: { range: () => [...current.current.range] as [number, number] },
      bars: { range: () => [0, Math.max(1, ...current.current.lines.map((line) => line.top ?? 0))] },
    },
    axes: [
      {
        ...axis,
        show: showTimeAxis,
        size: TIME_AXIS_HEIGHT,
        gap: 6,
        grid: { show: false },
        space: 90,
        // A text that would be cut at the right end is left out.
        values: (chart, splits) =>
          splits.map((at) =>
            // Its width as uPlot knows it: to ask the page would lay all of it out.
            chart.valToPos(at, 'x') > chart.bbox.width / uPlot.pxRatio - TIME_TEXT_WIDTH / 2
              ? null
              : timeText(at, zone),
          ),
      },
      {
        ...axis,
        size: Y_AXIS_WIDTH,
        gap: 8,
        splits: () => [...current.current.ticks],
        values: (_chart, splits) => splits.map((value) => current.current.tickText(value)),
        grid: { stroke: color('var(--line)'), width: 1 },
      },
    ],
    tzDate: (seconds) =>
      zone === 'utc' ? uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC') : new Date(seconds * 1_000),
    series: [{}, ...(lines.length === 0 ? [{}] : lines.map((line) => seriesOf(line, color)))],
  }
}

/** The cursor is shared by all charts of a key; a drag belongs to one, or each of them would zoom. */
const isCursorEvent = (type: string): boolean => type === 'mousemove' || type === 'mouseleave'

/** Narrower than this is a press whose hand shook. */
const LEAST_DRAG = 4

function zoom(chart: uPlot, onZoom: Props['onZoom']): void {
  const { left, width } = chart.select
  if (width === 0) return
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
  if (width < LEAST_DRAG) return
  onZoom(chart.posToVal(left, 'x') * 1_000, chart.posToVal(left + width, 'x') * 1_000)
}

/** Bars and the dashed objective have no point under the cursor: their numbers stand in the tooltip. */
const isRead = (line: Line | undefined) => line !== undefined && line.kind !== 'bars' && line.dash === undefined

function seriesColor(chart: uPlot, index: number): string {
  const stroke = chart.series[index]?.stroke
  const resolved = typeof stroke === 'function' ? stroke(chart, index) : stroke
  return typeof resolved === 'string' ? resolved : 'transparent'
}

function seriesOf(line: Line, color: (value: string) => () => string): uPlot.Series {
  const bars = uPlot.paths.bars?.({ size: [0.6, 3, 1] })
  if (line.kind === 'bars')
    return {
      scale: 'bars',
      stroke: color(line.color),
      fill: color(line.color),
      width: 0,
      points: { show: false },
      ...(bars !== undefined && { paths: bars }),
    }
  return {
    stroke: color(line.color),
    width: 1.5,
    points: { show: false },
    spanGaps: false,
    ...(line.dash !== undefined && { dash: line.dash, width: 1 }),
    ...(line.fill !== undefined && { fill: color(line.fill) }),
  }
}

/** Ticks: "14:10", and the day where it begins. */
function timeText(seconds: number, zone: Zone): string {
  const date = wallClock(seconds * 1_000, zone)
  const [hours, minutes] = [date.getUTCHours(), date.getUTCMinutes()]
  if (hours === 0 && minutes === 0)
    return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
  const base = `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
  const rest = date.getUTCSeconds()
  return rest === 0 ? base : `${base}:${String(rest).padStart(2, '0')}`
}
