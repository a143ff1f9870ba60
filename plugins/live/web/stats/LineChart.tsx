import { useId, useState } from 'preact/hooks'
import { Table, useTexts } from '#web'
import { areaPath, linePath, niceTop, rowsOf } from './scale.ts'
import { statsTexts } from './texts.ts'

export interface Series {
  name: string
  values: readonly (number | null)[]
  /** Drawn thinner and without a surface, as a second opinion. */
  isFaint?: boolean
}

interface LineChartProps {
  /** Names the chart. */
  label: string
  series: readonly Series[]
  /** What stands at a place, for people: a time, a minute. */
  place(i: number): string
  value(value: number): string
  /** Of the first column of the table. */
  placeName: string
  /** Upper end of the axis; by the largest value unless given. */
  top?: number
}

const tableRows = 60

/**
 * Curves over the same places. Arrow keys or the pointer read single values; the same is there as a table.
 */
export function LineChart({ label, series, place, value, placeName, top }: LineChartProps) {
  const t = useTexts(statsTexts)
  const count = Math.max(0, ...series.map(({ values }) => values.length))
  const end = top ?? niceTop(Math.max(0, ...series.flatMap(({ values }) => values.map((one) => one ?? 0))))
  const [at, setAt] = useState<number | null>(null)
  const shown = at === null ? null : Math.min(at, count - 1)
  const said = (i: number) =>
    [place(i), ...series.map(({ name, values }) => `${name} ${told(values[i], value)}`)].join(' · ')
  const last = Math.max(0, count - 1)
  return (
    <figure class="chart">
      <div class="chart-plot">
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          {[0, 50].map((y) => (
            <line key={y} class="chart-grid" x1="0" x2="100" y1={y} y2={y} />
          ))}
          {series.map(({ name, values, isFaint }) => (
            <g key={name} class={isFaint ? 'is-faint' : undefined}>
              {!isFaint && <path class="chart-area" d={areaPath(values, end)} />}
              <path class="chart-line" d={linePath(values, end)} />
            </g>
          ))}
          {shown !== null && count > 1 && (
            <line class="chart-cursor" x1={(shown / last) * 100} x2={(shown / last) * 100} y1="0" y2="100" />
          )}
        </svg>
        <span class="chart-tick is-top">{value(end)}</span>
        <span class="chart-tick is-middle">{value(end / 2)}</span>
        {count > 1 && (
          <input
            class="chart-range"
            type="range"
            min="0"
            max={last}
            value={shown ?? last}
            aria-label={label}
            aria-valuetext={said(shown ?? last)}
            onInput={(event) => setAt(Number(event.currentTarget.value))}
            onFocus={() => setAt(shown ?? last)}
            onBlur={() => setAt(null)}
            onPointerMove={(event) => setAt(placeOf(event, count))}
            onPointerLeave={() => setAt(null)}
          />
        )}
      </div>
      <div class="chart-places" aria-hidden="true">
        {placesOf(count, place).map((words, i) => (
          <span key={words} class={i === 1 ? 'chart-half' : undefined}>
            {words}
          </span>
        ))}
      </div>
      <figcaption class="chart-said" aria-hidden="true">
        {shown === null ? <Legend series={series} /> : said(shown)}
      </figcaption>
      <ChartTable {...{ label, series, place, value, placeName, count }} summary={t('asTable')} />
    </figure>
  )
}

function Legend({ series }: { series: readonly Series[] }) {
  if (series.length < 2) return <span>{series[0]?.name}</span>
  return (
    <>
      {series.map(({ name, isFaint }) => (
        <span key={name} class={`chart-key${isFaint ? ' is-faint' : ''}`}>
          {name}
        </span>
      ))}
    </>
  )
}

type ChartTableProps = Pick<LineChartProps, 'label' | 'series' | 'place' | 'value' | 'placeName'> & {
  count: number
  summary: string
}

function ChartTable({ label, series, place, value, placeName, count, summary }: ChartTableProps) {
  const [isOpen, setOpen] = useState(false)
  const id = useId()
  return (
    <details class="chart-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary id={id}>
        {summary}
        <span class="hidden-text"> {label}</span>
      </summary>
      {isOpen && (
        <Table
          caption={label}
          rows={rowsOf(count, tableRows)}
          keyOf={String}
          columns={[
            { key: 'place', label: placeName, cell: place },
            ...series.map(({ name, values }) => ({
              key: name,
              label: name,
              isNumber: true,
              cell: (i: number) => told(values[i], value),
            })),
          ]}
        />
      )}
    </details>
  )
}

/** Beginning, middle and end; without those that would say the same twice, as of a show of a minute. */
function placesOf(count: number, place: (i: number) => string): string[] {
  if (count === 0) return []
  const [first, half, last] = [place(0), place(Math.floor((count - 1) / 2)), place(count - 1)]
  if (first === last) return [first]
  return half === first || half === last ? [first, '', last] : [first, half, last]
}

const told = (one: number | null | undefined, value: (value: number) => string) =>
  one === null || one === undefined ? '–' : value(one)

function placeOf(event: PointerEvent & { currentTarget: HTMLInputElement }, count: number): number {
  const { left, width } = event.currentTarget.getBoundingClientRect()
  const share = width > 0 ? (event.clientX - left) / width : 0
  return Math.round(Math.max(0, Math.min(1, share)) * (count - 1))
}
