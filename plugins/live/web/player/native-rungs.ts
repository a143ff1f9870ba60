import type { Rung } from './source.ts'

const variant = /#EXT-X-STREAM-INF:(.*)/g
const size = /RESOLUTION=(\d+)x(\d+)/
const rate = /(?:^|,)BANDWIDTH=(\d+)/

/** The pictures that a multivariant playlist lists; the largest is the source. */
export function readRungs(playlist: string): Rung[] {
  const found = [...playlist.matchAll(variant)].flatMap(([, attributes = ''], index) => {
    const [, width, height] = size.exec(attributes) ?? []
    const bitsPerSecond = Number(rate.exec(attributes)?.[1] ?? 0)
    return height ? [{ index, width: Number(width), height: Number(height), bitsPerSecond }] : []
  })
  const largest = Math.max(...found.map(({ height }) => height))
  return found.map((rung) => ({ ...rung, isSource: rung.height === largest }))
}

/** The address of the same playlist with the pictures of one height alone; null leaves the choice to the browser. */
export function onlyHeight(address: string, height: number | null): string {
  return height === null ? address : `${address}${address.includes('?') ? '&' : '?'}height=${height}`
}
