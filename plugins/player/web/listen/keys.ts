/** What a key does; names are those of the help sheet. */
export type KeyAction =
  | { name: 'toggle' | 'next' | 'previous' | 'mute' | 'shuffle' | 'repeat' | 'close' }
  | { name: 'step'; byMs: number }
  | { name: 'volume'; by: number }
  | { name: 'part'; share: number }

type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'repeat'>

const plain = new Map<string, KeyAction>(
  Object.entries({
    ' ': { name: 'toggle' },
    k: { name: 'toggle' },
    j: { name: 'step', byMs: -10_000 },
    l: { name: 'step', byMs: 10_000 },
    n: { name: 'next' },
    p: { name: 'previous' },
    m: { name: 'mute' },
    s: { name: 'shuffle' },
    r: { name: 'repeat' },
    Escape: { name: 'close' },
  }),
)
const shifted = new Map<string, KeyAction>(
  Object.entries({
    ArrowLeft: { name: 'step', byMs: -5000 },
    ArrowRight: { name: 'step', byMs: 5000 },
    ArrowUp: { name: 'volume', by: 0.05 },
    ArrowDown: { name: 'volume', by: -0.05 },
  }),
)
/** Held down these go on; others act once. */
const mayRepeat = new Set(['step', 'volume'])

/** The action of a key, or null. */
export function keyAction({ key, shiftKey, repeat }: Pressed): KeyAction | null {
  const found = shiftKey
    ? shifted.get(key)
    : /^[0-9]$/.test(key)
      ? { name: 'part' as const, share: Number(key) / 10 }
      : plain.get(key.length === 1 ? key.toLowerCase() : key)
  if (!found || (repeat && !mayRepeat.has(found.name))) return null
  return found
}
