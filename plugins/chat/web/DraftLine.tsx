import { Button, useTexts } from '#web'
import { MessageText } from './MessageText.tsx'
import { chatTexts } from './texts.ts'
import type { Draft } from './timeline.ts'

const reasons = {
  'chat.slow-down': 'failedSlow',
  'too-many-requests': 'failedSlow',
  'chat.banned': 'failedBanned',
  offline: 'failedOffline',
} as const

interface DraftProps {
  draft: Draft
  name: string
  onResend(): void
  onEdit(): void
  onDiscard(): void
}

/** What the reader wrote and the server has not confirmed: on its way, or not sent and what to do about it. */
export function DraftLine({ draft, name, onResend, onEdit, onDiscard }: DraftProps) {
  const t = useTexts(chatTexts)
  const isFailed = draft.state === 'failed'
  const reason = reasons[draft.reason as keyof typeof reasons] ?? 'failed'
  return (
    <div class={`chat-line is-first chat-draft${isFailed ? ' is-failed' : ''}`}>
      <p class="chat-said">
        <b class="chat-name">
          <bdi>{name}</bdi>
        </b>{' '}
        <MessageText text={draft.text} />
      </p>
      {!isFailed && <span class="hidden-text">{t('sending')}</span>}
      {isFailed && (
        <div class="chat-failed">
          <span role="alert">{t(reason)}</span>
          <Button look="plain" icon="retry" onClick={onResend}>
            {t('retry')}
          </Button>
          <Button look="plain" onClick={onEdit}>
            {t('edit')}
          </Button>
          <Button look="plain" onClick={onDiscard}>
            {t('discard')}
          </Button>
        </div>
      )}
    </div>
  )
}
