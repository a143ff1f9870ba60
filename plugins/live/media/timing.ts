/** To a thousandth of a millisecond: keeps the index free of floating-point tails. */
export function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

/** Waits for work, but not longer than this; undefined when it was not ready. */
export async function settledWithin<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
