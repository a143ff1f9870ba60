/** To a thousandth of a millisecond: keeps the index free of floating-point tails. */
export function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

/** Waits for work, but not longer than this. */
export async function settledWithin(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
