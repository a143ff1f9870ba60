import { useEffect, useRef, useState } from 'preact/hooks'
import { say } from '../sdk/language.ts'
import { useLoaded } from '../sdk/lazy.tsx'
import { path } from '../sdk/location.ts'
import type { NavItem } from '../sdk/plugin.ts'
import { useSite } from '../sdk/site.ts'
import { useTexts } from '../sdk/texts.ts'
import { Icon } from '../ui/icons.tsx'
import { navItems } from './pages.ts'
import { shellTexts } from './texts.ts'

function Mark({ load }: { load: NonNullable<NavItem['badge']> }) {
  const { Part } = useLoaded(load)
  return Part ? <Part /> : null
}

function isWithin(href: string): boolean {
  return href === '/' ? path.value === '/' : path.value === href || path.value.startsWith(`${href}/`)
}

/** A phone's bar has room for five: with more, the last of them opens the rest. */
const fits = 5

function RailLink({ item }: { item: ReturnType<typeof navItems>[number] }) {
  return (
    <a class="rail-link" href={item.href} aria-current={isWithin(item.href) ? 'page' : undefined}>
      <Icon name={item.icon} />
      <span>{say(item.label)}</span>
      {item.badge && <Mark load={item.badge} />}
    </a>
  )
}

/** The ways through the site, from the plugins that are switched on. */
export function Rail() {
  const t = useTexts(shellTexts)
  const { title } = useSite()
  const items = navItems()
  const hasMore = items.length > fits
  return (
    <nav class="rail" aria-label={t('mainNav')}>
      <a class="label" href="/" aria-label={title}>
        <i aria-hidden="true" />
        <span>{title}</span>
      </a>
      <ul>
        {items.map((item, at) => (
          <li key={item.href} class={hasMore && at >= fits - 1 ? 'is-further' : undefined}>
            <RailLink item={item} />
          </li>
        ))}
        {hasMore && <More items={items.slice(fits - 1)} />}
      </ul>
    </nav>
  )
}

/** Only on phones: the ways that do not fit, in a sheet above the bar. */
function More({ items }: { items: ReturnType<typeof navItems> }) {
  const t = useTexts(shellTexts)
  const root = useRef<HTMLLIElement>(null)
  const [openAt, setOpenAt] = useState<string | null>(null)
  // Whoever has gone on to another page has chosen.
  const isOpen = openAt === path.value
  useEffect(() => {
    if (!isOpen) return undefined
    const close = (event: Event) => {
      const isInside = root.current?.contains(event.target as Node)
      if (event instanceof KeyboardEvent ? event.key === 'Escape' : !isInside) setOpenAt(null)
    }
    for (const kind of ['pointerdown', 'keydown']) document.addEventListener(kind, close)
    return () => {
      for (const kind of ['pointerdown', 'keydown']) document.removeEventListener(kind, close)
    }
  }, [isOpen])
  return (
    <li class="rail-more" ref={root}>
      <button
        type="button"
        class={`rail-link${items.some(({ href }) => isWithin(href)) ? ' is-here' : ''}`}
        aria-expanded={isOpen}
        onClick={() => setOpenAt(isOpen ? null : path.value)}
      >
        <Icon name="more" />
        <span>{t('more')}</span>
      </button>
      {isOpen && (
        <ul class="rail-sheet">
          {items.map((item) => (
            <li key={item.href}>
              <RailLink item={item} />
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}
