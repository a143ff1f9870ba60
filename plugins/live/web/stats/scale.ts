/** The next of 1, 2, 5, 10, 20 … above the largest value, so that half of it is a good number, too. */
export function niceTop(most: number): number {
  if (most <= 2) return 2
  const power = 10 ** Math.floor(Math.log10(most))
  return ([1, 2, 4, 6, 8, 10].find((factor) => factor * power >= most) ?? 10) * power
}

/** Points of a line in a box of 100 by 100 that begins anew after each hole; a value between holes is a short dash, an only one a whole line. */
export function linePath(values: readonly (number | null)[], top: number): string {
  const step = values.length > 1 ? 100 / (values.length - 1) : 0
  const at = (i: number) => Math.round(i * step * 100) / 100
  const height = (value: number) => Math.round((100 - (Math.min(value, top) / top) * 100) * 100) / 100
  let path = ''
  for (const [i, value] of values.entries()) {
    if (value === null) continue
    const before = values[i - 1]
    const isLone = (before === null || before === undefined) && typeof values[i + 1] !== 'number'
    path += `${typeof before === 'number' ? 'L' : 'M'}${at(i)} ${height(value)}`
    if (isLone) path += values.length === 1 ? 'h100' : `h${Math.max(step / 2, 0.6).toFixed(2)}`
  }
  return path
}

/** What lies under such a line, closed at the bottom; nothing where nothing is known. */
export function areaPath(values: readonly (number | null)[], top: number): string {
  const step = values.length > 1 ? 100 / (values.length - 1) : 0
  const at = (i: number) => Math.round(i * step * 100) / 100
  let path = ''
  for (let from = 0; from < values.length; from += 1) {
    let to = from
    while (typeof values[to] === 'number') to += 1
    if (to - from > 1) {
      const alone = values.map((value, i) => (i >= from && i < to ? value : null))
      path += `${linePath(alone, top)}L${at(to - 1)} 100L${at(from)} 100Z`
    }
    from = Math.max(from, to)
  }
  return path
}

/** Which of so many steps a table shows: at most that many, the last one too. */
export function rowsOf(count: number, most: number): number[] {
  const every = Math.max(1, Math.ceil(count / most))
  return Array.from({ length: Math.ceil(count / every) }, (_none, i) => i * every)
}
