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

/** The ways through the site, from the plugins that are switched on. */
export function Rail() {
  const t = useTexts(shellTexts)
  const { title } = useSite()
  return (
    <nav class="rail" aria-label={t('mainNav')}>
      <a class="label" href="/" aria-label={title}>
        <i aria-hidden="true" />
        <span>{title}</span>
      </a>
      <ul>
        {navItems().map((item) => (
          <li key={item.href}>
            <a class="rail-link" href={item.href} aria-current={isWithin(item.href) ? 'page' : undefined}>
              <Icon name={item.icon} />
              <span>{say(item.label)}</span>
              {item.badge && <Mark load={item.badge} />}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
