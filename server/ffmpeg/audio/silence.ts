/** -60 dB of the full scale of 16-bit samples. */
const threshold = 32_768 / 1_000

/** How many samples there are, the loudest of all, and which are the first and last that are no silence. */
export function createSilenceMeter(channels: number) {
  let count = 0
  let peak = 0
  let first: number | null = null
  let last = -1
  return {
    /** Interleaved, whole frames only. */
    push(samples: Int16Array): void {
      const isLoud = (i: number) => Math.abs(samples[i] as number) >= threshold
      for (let i = 0; i < samples.length; i++) peak = Math.max(peak, Math.abs(samples[i] as number))
      let from = 0
      while (from < samples.length && !isLoud(from)) from += 1
      if (from < samples.length) {
        let to = samples.length - 1
        while (!isLoud(to)) to -= 1
        first ??= count + Math.floor(from / channels)
        last = count + Math.floor(to / channels)
      }
      count += samples.length / channels
    },
    finish: () => ({ count, peak: peak / 32_768, lead: first ?? count, tail: count - 1 - last }),
  }
}
