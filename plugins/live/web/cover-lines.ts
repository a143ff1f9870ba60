/** What a generated cover is drawn from; the same for the same name, always. */
export interface CoverShape {
  /** Degrees on the colour wheel. */
  hue: number
  sun: { x: number; y: number; r: number }
  /** SVG paths in a 160 × 90 box, far ones first. */
  lines: string[]
}

const width = 160
const lineCount = 11
const pointCount = 9

/** FNV-1a over the name, then a small generator (mulberry32): enough to look different from name to name. */
function chances(name: string): () => number {
  let seed = 0x811c9dc5
  for (const character of name) seed = Math.imul(seed ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A landscape of waves under a sun, from a channel's address. */
export function coverShape(name: string): CoverShape {
  const chance = chances(name)
  const hue = Math.floor(chance() * 360)
  const sun = { x: 24 + chance() * 112, y: 18 + chance() * 16, r: 7 + chance() * 6 }
  const phases = [chance() * 6.28, chance() * 6.28]
  const speeds = [1.5 + chance() * 2, 3 + chance() * 3]
  const lines = Array.from({ length: lineCount }, (_, line) => {
    const height = 34 + line * 5.6
    const swing = 3 + line * 0.5
    const points = Array.from({ length: pointCount }, (_, point) => {
      const along = point / (pointCount - 1)
      const wave =
        Math.sin(along * (speeds[0] ?? 1) * 3.14 + (phases[0] ?? 0) + line * 0.34) +
        0.45 * Math.sin(along * (speeds[1] ?? 1) * 3.14 + (phases[1] ?? 0) - line * 0.5)
      // The curve ends between the last two points: they lie well outside.
      return [along * (width + 50) - 20, height + wave * swing] as const
    })
    return smooth(points)
  })
  return { hue, sun, lines }
}

/** A curve through the middles between points, with the points as handles. */
function smooth(points: readonly (readonly [number, number])[]): string {
  const text = (value: number) => value.toFixed(1)
  const [first] = points
  let path = first ? `M${text(first[0])} ${text(first[1])}` : ''
  for (let at = 1; at < points.length - 1; at += 1) {
    const [x, y] = points[at] as readonly [number, number]
    const [nextX, nextY] = points[at + 1] as readonly [number, number]
    path += `Q${text(x)} ${text(y)} ${text((x + nextX) / 2)} ${text((y + nextY) / 2)}`
  }
  return path
}
