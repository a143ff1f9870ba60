import type { Repeat } from '../engine/queue.ts'
import type { Player } from '../engine/types.ts'
import { isTyping } from '../front.ts'
import { engine } from './desk.ts'
import { type KeyAction, keyAction } from './keys.ts'
import { view } from './view.ts'

const following: Record<Repeat, Repeat> = { none: 'all', all: 'one', one: 'none' }

export function nextRepeat(player: Player): void {
  player.change({ type: 'repeat', repeat: following[player.queue.value.repeat] })
}

export function toggleShuffle(player: Player): void {
  const isOn = player.queue.value.natural === null
  player.change({
    type: 'shuffle',
    isOn,
    ...(isOn && { seed: crypto.getRandomValues(new Uint32Array(1))[0] ?? 1 }),
  })
}

export function toggleMute(player: Player): void {
  player.set({ isMuted: !player.settings.value.isMuted })
}

/** The volume as the slider has it; moving it ends the muting. */
export function setVolume(player: Player, volume: number): void {
  player.set({ volume: Math.min(1, Math.max(0, volume)), isMuted: false })
}

function act(player: Player, action: KeyAction): void {
  const { positionMs, durationMs } = player.time()
  if (action.name === 'step') player.seek(Math.min(Math.max(0, positionMs + action.byMs), durationMs))
  else if (action.name === 'part') player.seek(action.share * durationMs)
  else if (action.name === 'volume') setVolume(player, player.settings.value.volume + action.by)
  else if (action.name === 'toggle') player.toggle()
  else if (action.name === 'next') player.next()
  else if (action.name === 'previous') player.previous()
  else if (action.name === 'mute') toggleMute(player)
  else if (action.name === 'shuffle') toggleShuffle(player)
  else if (action.name === 'repeat') nextRepeat(player)
  else view.value = null
}

/** Controls that take the space bar themselves. */
const pressable =
  'button, a[href], summary, [role=button], [role=switch], [role=tab], [role=slider], audio, video'

/** The keys of the help sheet, wherever the page is. */
export function listenToKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    const player = engine.peek()
    const action = keyAction(event)
    if (!player || !action || isTyping(event)) return
    if (player.queue.peek().entries.length === 0) return
    const isOnControl = event.target instanceof Element && event.target.closest(pressable) !== null
    if (event.key === ' ' && isOnControl) return
    if (action.name === 'close' && view.peek() === null) return
    event.preventDefault()
    act(player, action)
  }
  addEventListener('keydown', onKey)
  return () => removeEventListener('keydown', onKey)
}
