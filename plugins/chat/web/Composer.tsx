import { ButtonLink, Later, Notice, path, useTexts } from '#web'
import type { Room } from '../contract.ts'
import { chatTexts } from './texts.ts'

/** Most who come only read. */
const loadWriting = () => import('./Writing.tsx')

export interface ComposerProps {
  room: Room
  text: string
  onText(text: string): void
  onSend(text: string): void
}

/** Where one writes; where one may not, why and what to do. */
export function Composer(props: ComposerProps) {
  const t = useTexts(chatTexts)
  const { cannotPostBecause } = props.room
  if (cannotPostBecause === 'signed-out') {
    return (
      <div class="chat-composer">
        <ButtonLink look="main" href={`/login?next=${encodeURIComponent(path.value)}`}>
          {t('signIn')}
        </ButtonLink>
      </div>
    )
  }
  if (cannotPostBecause) {
    return (
      <div class="chat-composer">
        <Notice tone="warn">{t(cannotPostBecause)}</Notice>
      </div>
    )
  }
  return <Later load={loadWriting} props={props} wait={<div class="chat-composer chat-box-place" />} />
}
