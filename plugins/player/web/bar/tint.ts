import { deriveAccent } from '#web'

/**
 * A cover's colour as style properties, each pair readable in its theme: `--tint` to draw and write with,
 * `--tint-fill` for surfaces under `--on-tint`.
 */
export function tintOf(colour: string | undefined): Record<string, string> {
  if (!colour) return {}
  const [light, dark] = [deriveAccent(colour, 'light'), deriveAccent(colour, 'dark')]
  return {
    '--tint': `light-dark(${light.brand}, ${dark.brand})`,
    '--tint-fill': `light-dark(${light.brand}, ${dark.brand})`,
    '--on-tint': `light-dark(${light.onBrand}, ${dark.onBrand})`,
    '--wave-played': `light-dark(${light.brand}, ${dark.brand})`,
  }
}
