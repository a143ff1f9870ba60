import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { IconButton, Later, useTexts } from '#web'
import type { ComposerProps } from './Composer.tsx'
import { withSign } from './emotes.ts'
import { chatTexts } from './texts.ts'

const loadPicker = () => import('./EmotePicker.tsx')
const maxLength = 1000
/** From here on the reader is told how much is left. */
const tellFrom = 800

/** The box of those who may write. */
export default function Writing({ room, text, onText, onSend }: ComposerProps) {
  const t = useTexts(chatTexts)
  const id = useId()
  const [isPicking, setPicking] = useState(false)
  const box = useRef<HTMLTextAreaElement>(null)
  const left = maxLength - text.trim().length
  const canSend = text.trim() !== '' && left >= 0
  const send = () => {
    if (!canSend) return
    onSend(text.trim())
    onText('')
    box.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, Enter picks a word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    send()
  }
  const closePicker = () => {
    setPicking(false)
    box.current?.focus()
  }
  const pick = (sign: string) => {
    const { selectionStart = text.length, selectionEnd = text.length } = box.current ?? {}
    const put = withSign(text, sign, [selectionStart, selectionEnd])
    onText(put.text)
    closePicker()
    requestAnimationFrame(() => box.current?.setSelectionRange(put.caret, put.caret))
  }
  useGrowing(box, text)
  const count = left < 0 ? t('tooLong', { count: -left }) : t('left', { count: left })
  return (
    <form
      class="chat-composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {room.slowModeS > 0 && !room.can.moderate && (
        <p class="chat-hint">{t('slowMode', { seconds: room.slowModeS })}</p>
      )}
      <label class="hidden-text" for={id}>
        {t('composer', { room: room.title })}
      </label>
      <div class="chat-box">
        <textarea
          id={id}
          ref={box}
          rows={1}
          value={text}
          placeholder={t('placeholder')}
          enterkeyhint="send"
          aria-invalid={left < 0 ? 'true' : undefined}
          aria-describedby={`${id}-left`}
          onInput={(event) => onText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <IconButton
          icon="smile"
          label={t('emotes')}
          aria-haspopup="dialog"
          aria-expanded={isPicking}
          onClick={() => setPicking(!isPicking)}
        />
        <IconButton type="submit" icon="send" label={t('send')} disabled={!canSend} />
      </div>
      {isPicking && <Later load={loadPicker} props={{ onPick: pick, onClose: closePicker }} wait={null} />}
      <p id={`${id}-left`} class={`chat-hint${left < 0 ? ' is-bad' : ''}`} role="status">
        {text.length >= tellFrom ? count : ''}
      </p>
    </form>
  )
}

/** The box grows with its text, as far as the style sheet lets it. */
function useGrowing(box: { current: HTMLTextAreaElement | null }, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew for each text.
  useEffect(() => {
    const area = box.current
    if (!area) return
    area.style.height = 'auto'
    area.style.height = `${area.scrollHeight}px`
  }, [box, text])
}
