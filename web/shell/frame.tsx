import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { useLoaded } from '../sdk/lazy.tsx'
import { path, query, url } from '../sdk/location.ts'
import { me } from '../sdk/session.ts'
import { useSite } from '../sdk/site.ts'
import { useTexts } from '../sdk/texts.ts'
import { ButtonLink } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { AccountMenu } from './account-menu.tsx'
import { LookMenu } from './look-menu.tsx'
import { findPage } from './pages.ts'
import { Rail } from './rail.tsx'
import { shellTexts } from './texts.ts'

function OfflineNotice() {
  const t = useTexts(shellTexts)
  const [isOnline, setOnline] = useState(navigator.onLine)
  useEffect(() => {
    const look = () => setOnline(navigator.onLine)
    addEventListener('online', look)
    addEventListener('offline', look)
    return () => {
      removeEventListener('online', look)
      removeEventListener('offline', look)
    }
  }, [])
  return (
    <div role="status" class="frame-notice">
      {!isOnline && <Notice tone="warn">{t('offline')}</Notice>}
    </div>
  )
}

const loadNotices = () => import('./login/AccountNotices.tsx')
function Notices() {
  const { Part } = useLoaded(loadNotices)
  return Part && <Part />
}

/** Pages that lead in: signing in from them leads to where they would have led. */
const doors = ['/login', '/register', '/forgot', '/reset', '/verify']

function Header() {
  const t = useTexts(shellTexts)
  const { title } = useSite()
  const at = path.value
  const wanted = doors.includes(at) ? query.value.get('next') : url.value
  const next = wanted && wanted !== '/' ? `?next=${encodeURIComponent(wanted)}` : ''
  return (
    <header class="top">
      <a class="label" href="/">
        <i aria-hidden="true" />
        <span class={at === '/' ? 'hidden-text' : undefined}>{title}</span>
      </a>
      <div class="top-tools">
        <LookMenu />
        {me.value ? (
          <AccountMenu />
        ) : (
          at !== '/login' && <ButtonLink href={`/login${next}`}>{t('signIn')}</ButtonLink>
        )}
      </div>
    </header>
  )
}

function Footer() {
  const t = useTexts(shellTexts)
  const { title, version, terms } = useSite()
  return (
    <footer class="foot">
      <span>{title}</span>
      {terms?.termsUrl && <a href={terms.termsUrl}>{t('terms')}</a>}
      {terms?.privacyUrl && <a href={terms.privacyUrl}>{t('privacy')}</a>}
      <span>{t('madeWith', { version })}</span>
    </footer>
  )
}

/** Rail, header, page and footer. The rail becomes a bar at the bottom of phones. */
export function Frame({ children }: { children: ComponentChildren }) {
  const t = useTexts(shellTexts)
  const account = me.value
  const isWide = findPage(path.value)?.page.isWide ?? false
  return (
    <div class="frame">
      <a class="skip" href="#main">
        {t('skip')}
      </a>
      <Rail />
      <div class={`page${isWide ? ' is-wide' : ''}`}>
        <Header />
        <OfflineNotice />
        {account && (account.needsSecondFactor || !account.isEmailVerified) && <Notices />}
        <main id="main" tabIndex={-1}>
          {children}
        </main>
        <Footer />
      </div>
    </div>
  )
}
