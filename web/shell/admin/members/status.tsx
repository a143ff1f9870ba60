import type { admin } from '#contract'
import { useTexts } from '../../../sdk/texts.ts'
import { Badge, type Tone } from '../../../ui/badge.tsx'
import { memberTexts } from './texts.ts'

const tones: Record<admin.AccountStatus, Tone> = {
  active: 'ok',
  suspended: 'bad',
  leaving: 'warn',
  deleted: 'plain',
}

/** How an account stands, in a word. */
export function StatusBadge({ status }: { status: admin.AccountStatus }) {
  const t = useTexts(memberTexts)
  return <Badge tone={tones[status]}>{t(`is-${status}`)}</Badge>
}
