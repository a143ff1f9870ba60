import './emotes.css'
import { useEffect, useRef } from 'preact/hooks'
import { useQuery, useTexts } from '#web'
import { listEmotes } from '../contract.ts'
import { emoteTexts } from './emote-texts.ts'
import { signOf } from './emotes.ts'

/** What people say beside music, without words. */
const emoji = (
  '🔥 ❤️ 🙌 👏 👍 👎 🎉 🎶 🎵 🎧 🎤 🎸 🥁 🎹 🎷 🎺 🎻 💿 📀 🔊 😀 😂 🤣 😍 🥰 😎 🤩 🥳 😭 😮 🤯 😱 😴 🤔 🙏 ' +
  '💃 🕺 🤘 ✌️ 👋 👀 💜 💙 💚 💛 🧡 🖤 ✨ ⚡ 🌈 🌙 ☀️ ⭐ 💯 🚀'
).split(' ')

interface PickerProps {
  onPick(sign: string): void
  onClose(): void
}

/** Emotes of the label and emoji to choose from; arrow keys and Escape work. */
export default function EmotePicker({ onPick, onClose }: PickerProps) {
  const t = useTexts(emoteTexts)
  const { data } = useQuery(listEmotes, {}, { freshMs: 60_000 })
  const box = useRef<HTMLDivElement>(null)
  const close = useRef(onClose)
  close.current = onClose
  useEffect(() => {
    box.current?.querySelector('button')?.focus()
    const outside = (event: PointerEvent) => {
      // The button that opened it closes it by itself.
      const place = box.current?.closest('.chat-composer')
      if (!place?.contains(event.target as Node)) close.current()
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [])
  const own = data?.items ?? []
  return (
    <div
      ref={box}
      class="chat-picker"
      role="dialog"
      aria-label={t('picker')}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation()
          onClose()
        } else if (box.current && moveFocus(box.current, event.key)) event.preventDefault()
      }}
    >
      {own.length > 0 && (
        <fieldset>
          <legend>{t('ownEmotes')}</legend>
          {own.map(({ id, name, url }) => (
            <button
              type="button"
              key={id}
              aria-label={name}
              title={signOf(name)}
              onClick={() => onPick(signOf(name))}
            >
              <img src={url} alt="" width="28" height="28" />
            </button>
          ))}
        </fieldset>
      )}
      <fieldset>
        <legend>{t('emoji')}</legend>
        {emoji.map((sign) => (
          <button type="button" key={sign} onClick={() => onPick(sign)}>
            {sign}
          </button>
        ))}
      </fieldset>
    </div>
  )
}

/** One further, or to the nearest in the line above or below. */
function moveFocus(box: HTMLElement, key: string): boolean {
  const buttons = [...box.querySelectorAll('button')]
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
  if (key === 'ArrowRight' || key === 'ArrowLeft') {
    buttons.at((at + (key === 'ArrowRight' ? 1 : -1)) % buttons.length)?.focus()
    return true
  }
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return false
  const here = buttons[at]?.getBoundingClientRect()
  if (!here) return false
  const isBeyond = (top: number) => (key === 'ArrowDown' ? top > here.bottom - 4 : top < here.top - 4)
  const away = (button: HTMLElement) => {
    const { left, top } = button.getBoundingClientRect()
    return Math.abs(top - here.top) * 100 + Math.abs(left - here.left)
  }
  const beyond = buttons.filter((button) => isBeyond(button.getBoundingClientRect().top))
  beyond.sort((a, b) => away(a) - away(b))[0]?.focus()
  return true
}
