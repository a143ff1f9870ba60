import type { ComponentType } from 'preact'
import { useLoaded } from '../../sdk/lazy.tsx'
import type { Load, PageProps } from '../../sdk/plugin.ts'
import { useTexts } from '../../sdk/texts.ts'
import { useTitle } from '../../sdk/title.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { TabLinks } from '../../ui/tabs.tsx'
import { NotFound } from '../not-found.tsx'
import { accountTexts } from './texts.ts'
import './account.css'

type Empty = Record<never, never>
const tabs = {
  general: () => import('./general/General.tsx'),
  security: () => import('./security/Security.tsx'),
  sessions: () => import('./sessions/Sessions.tsx'),
  activity: () => import('./activity/Activity.tsx'),
  mails: () => import('./mails/Mails.tsx'),
  privacy: () => import('./privacy/Privacy.tsx'),
} satisfies Record<string, Load<Empty>>
type Tab = keyof typeof tabs

function Part({ load }: { load: Load<Empty> }) {
  const {
    Part: Loaded,
    error,
    retry,
  } = useLoaded<Empty>(load as () => Promise<{ default: ComponentType<Empty> }>)
  if (error) return <ErrorState error={error} retry={retry} />
  return Loaded ? <Loaded /> : <Skeleton lines={5} />
}

/** The member's own account, its parts as tabs with addresses of their own. */
export default function AccountPage({ params }: PageProps) {
  const t = useTexts(accountTexts)
  const tab = (params.tab ?? 'general') as Tab
  const isKnown = Object.hasOwn(tabs, tab) && params.tab !== 'general'
  useTitle(isKnown ? (tab === 'general' ? t('title') : t(tab)) : undefined)
  if (!isKnown) return <NotFound />
  const items = (Object.keys(tabs) as Tab[]).map((name) => ({
    href: name === 'general' ? '/account' : `/account/${name}`,
    label: t(name),
  }))
  return (
    <div class="account">
      <PageHeader title={t('title')} />
      <TabLinks label={t('title')} items={items} />
      <div class="stack" key={tab}>
        <Part load={tabs[tab]} />
      </div>
    </div>
  )
}
