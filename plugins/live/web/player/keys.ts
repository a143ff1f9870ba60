export type KeyAction = 'toggle' | 'mute' | 'fullscreen' | 'back' | 'forward'

const always = new Map<string, KeyAction>([
  [' ', 'toggle'],
  ['k', 'toggle'],
  ['m', 'mute'],
  ['f', 'fullscreen'],
])
const recorded = new Map<string, KeyAction>([
  ['ArrowLeft', 'back'],
  ['ArrowRight', 'forward'],
])

/** What a key does to the player; null for keys that are not its own. */
export function keyAction(key: string, isLive: boolean): KeyAction | null {
  const name = key.length === 1 ? key.toLowerCase() : key
  return always.get(name) ?? (isLive ? null : (recorded.get(name) ?? null))
}

/** Where a key was pressed, as far as it matters. */
export interface Pressed {
  key: string
  hasModifier: boolean
  tag: string
  inputType: string
  isEditable: boolean
  /** Inside the player, or nowhere in particular (the page itself). */
  isOurs: boolean
}

/** The player leaves keys alone that a field, button or slider under the focus needs itself. */
export function actionFor(pressed: Pressed, isLive: boolean): KeyAction | null {
  const { key, tag, inputType } = pressed
  if (pressed.hasModifier || pressed.isEditable || !pressed.isOurs) return null
  if (tag === 'TEXTAREA' || tag === 'SELECT' || (tag === 'INPUT' && inputType !== 'range')) return null
  if ((tag === 'BUTTON' || tag === 'A') && key === ' ') return null
  if (tag === 'INPUT' && key.startsWith('Arrow')) return null
  return keyAction(key, isLive)
}
