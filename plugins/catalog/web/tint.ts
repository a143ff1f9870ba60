import { deriveAccent } from '#web'

/**
 * The cover's colour for a page, as style properties: `--tint` to be read and drawn with, `--tint-fill` with
 * `--on-tint` on it for surfaces; each readable in both themes. Nothing where there is no cover.
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
