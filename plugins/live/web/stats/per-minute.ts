/** Values of steps put together so that each is worth a minute at least; the steps' new width in seconds. */
export function perMinute(values: readonly number[], stepS: number): { values: number[]; stepS: number } {
  const group = Math.max(1, Math.round(60 / stepS))
  const width = stepS * group
  const sums = Array.from({ length: Math.ceil(values.length / group) }, (_none, i) =>
    values.slice(i * group, (i + 1) * group).reduce((sum, value) => sum + value, 0),
  )
  return { values: sums.map((sum) => Math.round((sum * 60 * 10) / width) / 10), stepS: width }
}
