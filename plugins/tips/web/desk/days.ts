/** `2026-11-22` -> the last moment of that day on the reader's clock, as ISO time. */
export function endOf(day: string): string {
  return new Date(`${day}T23:59:59.999`).toISOString()
}

/** The day of a moment on the reader's clock, as a date field has it. */
export function dayOf(at: string): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
