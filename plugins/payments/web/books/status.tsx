import { Badge, type Tone, useTexts } from '#web'
import type { BookPayment } from '../../contract.ts'
import { bookTexts } from './texts.ts'

const tones: Record<BookPayment['status'], Tone> = {
  created: 'plain',
  paid: 'ok',
  failed: 'bad',
  expired: 'plain',
  refunded: 'warn',
}

/** How a payment stands, in a word or two. */
export function StatusBadge({ payment }: { payment: BookPayment }) {
  const t = useTexts(bookTexts)
  const { status, refundedMinor, isTest } = payment
  const isPart = status === 'paid' && refundedMinor > 0
  return (
    <span class="book-marks">
      <Badge tone={isPart ? 'warn' : tones[status]}>{isPart ? t('isPart') : t(`is-${status}`)}</Badge>
      {isTest && <Badge>{t('isTest')}</Badge>}
    </span>
  )
}
