/** How far apart the strongest and the weakest part must lie for a colour to count as vivid, of 255. */
const vivid = 60

/** Of RGB pixels: the mean of the most frequent of 512 buckets of vivid colours; of all pixels where few are vivid. */
export function dominantColour(rgb: Uint8Array): string {
  const buckets = new Map<number, [count: number, r: number, g: number, b: number]>()
  const all: [number, number, number, number] = [0, 0, 0, 0]
  for (let at = 0; at + 2 < rgb.length; at += 3) {
    const [r = 0, g = 0, b = 0] = rgb.subarray(at, at + 3)
    add(all, r, g, b)
    const [least, most] = [Math.min(r, g, b), Math.max(r, g, b)]
    if (most - least < vivid) continue
    const name = ((r >> 5) << 6) | ((g >> 5) << 3) | (b >> 5)
    const bucket = buckets.get(name) ?? [0, 0, 0, 0]
    buckets.set(name, bucket)
    add(bucket, r, g, b)
  }
  const [first] = [...buckets.values()].sort((a, b) => b[0] - a[0])
  const isEnough = first && first[0] * 50 >= all[0]
  return hex(isEnough ? first : all)
}

function add(sum: [number, number, number, number], r: number, g: number, b: number): void {
  sum[0]++
  sum[1] += r
  sum[2] += g
  sum[3] += b
}

function hex([count, ...sums]: [number, number, number, number]): string {
  const parts = sums.map((sum) => Math.round(sum / Math.max(count, 1)))
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}
