import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { say } from '../../sdk/language.ts'
import { path } from '../../sdk/location.ts'
import type { AdminTab } from '../../sdk/plugin.ts'
import { useTexts } from '../../sdk/texts.ts'
import { Icon } from '../../ui/icons.tsx'
import { shellTexts } from '../texts.ts'
import { type AdminGroup, hrefOf, openGroups } from './tabs.ts'

function Group({ group, current }: { group: AdminGroup; current: AdminTab }) {
  const id = useId()
  return (
    <div class="admin-nav-group">
      <p id={id}>{say(group.label)}</p>
      <ul aria-labelledby={id}>
        {group.tabs.map((tab) => (
          <li key={tab.name}>
            <a href={hrefOf(tab.name)} aria-current={tab === current ? 'page' : undefined}>
              {say(tab.label)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** The parts of the administration: a column of links, on phones a button that opens it. */
export function AdminNav({ current }: { current: AdminTab }) {
  const t = useTexts(shellTexts)
  const id = useId()
  const root = useRef<HTMLElement>(null)
  const [isOpen, setOpen] = useState(false)
  const at = path.value
  // biome-ignore lint/correctness/useExhaustiveDependencies: a step to another part closes the list
  useEffect(() => setOpen(false), [at])
  useEffect(() => {
    if (!isOpen) return undefined
    const outside = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [isOpen])
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isOpen) return
    setOpen(false)
    root.current?.querySelector('button')?.focus()
  }
  return (
    <nav ref={root} class={`admin-nav${isOpen ? ' is-open' : ''}`} aria-label={t('admin')} onKeyDown={onKey}>
      <button
        type="button"
        class="admin-nav-button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <span class="muted">{t('admin')}</span>
        <strong>{say(current.label)}</strong>
        <Icon name="chevron-down" size={18} />
      </button>
      <div class="admin-nav-list" id={id}>
        {openGroups().map((group) => (
          <Group key={group.name} group={group} current={current} />
        ))}
      </div>
    </nav>
  )
}
