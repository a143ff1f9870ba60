import type { ComponentChildren } from 'preact'
import { formatAgo, formatDate } from '../../sdk/format.ts'
import { useTexts } from '../../sdk/texts.ts'
import { accountTexts } from './texts.ts'

interface KeptProps {
  title: ComponentChildren
  /** A line under the title. */
  note: ComponentChildren
  icon?: ComponentChildren
  /** Buttons at the right. */
  children?: ComponentChildren
}

/** One line of a list of what the account keeps: passkeys, sessions, linked accounts. */
export function Kept({ title, note, icon, children }: KeptProps) {
  return (
    <li class="kept">
      {icon}
      <div class="kept-words">
        <h3>{title}</h3>
        <p>{note}</p>
      </div>
      {children && <div class="row">{children}</div>}
    </li>
  )
}

/** `since 3 May 2026 · last used 2 hours ago` */
export function Use({ createdAt, usedAt }: { createdAt: string; usedAt: string | null }) {
  const t = useTexts(accountTexts)
  const used = usedAt ? t('usedAgo', { ago: formatAgo(usedAt) }) : t('never')
  return (
    <>
      {t('since', { date: formatDate(createdAt, 'date') })} · {used}
    </>
  )
}
