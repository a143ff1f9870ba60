type Plain =
  | 'toggle'
  | 'mute'
  | 'fullscreen'
  | 'back'
  | 'forward'
  | 'start'
  | 'edge'
  | 'chapterBefore'
  | 'nextChapter'
/** What a key does; a number is that of a camera. */
export type KeyAction = Plain | number

const actions = new Map<string, Plain>([
  [' ', 'toggle'],
  ['k', 'toggle'],
  ['m', 'mute'],
  ['f', 'fullscreen'],
  ['ArrowLeft', 'back'],
  ['j', 'back'],
  ['ArrowRight', 'forward'],
  ['l', 'forward'],
  ['Home', 'start'],
  ['End', 'edge'],
  ['p', 'chapterBefore'],
  ['n', 'nextChapter'],
])
/** Keys that a slider under the focus needs for itself. */
const sliding = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'])

/** What a key does to the player; null for keys that are not its own. */
export function keyAction(key: string, hasCameras: boolean): KeyAction | null {
  const name = key.length === 1 ? key.toLowerCase() : key
  if (hasCameras && /^[1-9]$/.test(name)) return Number(name)
  return actions.get(name) ?? null
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
  /** On the page itself: there Home and End belong to its scrolling. */
  isPage: boolean
}

/** The player leaves keys alone that a field, button or slider under the focus needs itself. */
export function actionFor(pressed: Pressed, hasCameras: boolean): KeyAction | null {
  const { key, tag, inputType } = pressed
  if (pressed.hasModifier || pressed.isEditable || !pressed.isOurs) return null
  if (tag === 'TEXTAREA' || tag === 'SELECT' || (tag === 'INPUT' && inputType !== 'range')) return null
  if ((tag === 'BUTTON' || tag === 'A') && key === ' ') return null
  if (tag === 'INPUT' && sliding.has(key)) return null
  if (pressed.isPage && (key === 'Home' || key === 'End')) return null
  return keyAction(key, hasCameras)
}
