type Rgb = [number, number, number]

const GROUNDS = { light: '#f7f6f3', dark: '#1e1e23' } as const
const INKS = { light: '#ffffff', dark: '#14121f' } as const
const NEEDED = 4.6

function parse(hex: string): Rgb | null {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex)
  if (!found) return null
  return [1, 2, 3].map((part) => Number.parseInt(found[part] ?? '0', 16)) as Rgb
}

function write(rgb: Rgb): string {
  return `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`
}

/** Relative luminance, WCAG 2.2. */
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** Contrast ratio of two `#rrggbb` colours, 1 to 21 (WCAG 2.2); 1 when either cannot be read. */
export function contrast(one: string, other: string): number {
  const [a, b] = [parse(one), parse(other)]
  if (!a || !b) return 1
  const [la, lb] = [luminance(a), luminance(b)]
  return (Math.max(la, lb) + 0.05) / (Math.min(la, lb) + 0.05)
}

function mix(rgb: Rgb, towards: number, share: number): Rgb {
  return rgb.map((value) => value + (towards - value) * share) as Rgb
}

/** A label's colour in one theme: `brand` is readable as text on the page, `accent` is for surfaces. */
export interface Accent {
  brand: string
  onBrand: string
  /** The colour itself wherever it can be told from the page; its text is `onAccent`. */
  accent: string
  onAccent: string
}

/** Seen as a surface from here on; paler or darker ones take the readable shade instead. */
const SEEN = { light: 1.25, dark: 2.8 } as const

function readable(start: Rgb, mode: 'light' | 'dark'): string {
  const towards = mode === 'light' ? 0 : 255
  for (let share = 0; share < 1; share += 0.04) {
    const brand = write(mix(start, towards, share))
    if (contrast(brand, GROUNDS[mode]) >= NEEDED && contrast(brand, INKS[mode]) >= NEEDED) return brand
  }
  return mode === 'light' ? '#000000' : '#ffffff'
}

/**
 * The label's colour as a theme can use it, every pair with at least 4.5:1. For text it is darkened on light pages
 * and lightened on dark ones in small steps, only as far as needed; surfaces keep the colour and change their text.
 */
export function deriveAccent(colour: string, mode: 'light' | 'dark'): Accent {
  const start = parse(colour) ?? (parse('#4b3fd8') as Rgb)
  const brand = readable(start, mode)
  const own = write(start)
  const accent = contrast(own, GROUNDS[mode]) >= SEEN[mode] ? own : brand
  const onAccent = contrast(accent, INKS.light) >= NEEDED ? INKS.light : '#000000'
  return { brand, onBrand: INKS[mode], accent, onAccent }
}
