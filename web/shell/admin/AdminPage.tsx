import type { ComponentType } from 'preact'
import type { PageProps } from '../../sdk/plugin.ts'
import { useTexts } from '../../sdk/texts.ts'
import { useTitle } from '../../sdk/title.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { TabLinks } from '../../ui/tabs.tsx'
import { NotFound } from '../not-found.tsx'
import { Audit } from './Audit.tsx'
import { Jobs } from './Jobs.tsx'
import { Mail } from './Mail.tsx'
import { Overview } from './Overview.tsx'
import { Plugins } from './Plugins.tsx'
import { Settings } from './Settings.tsx'
import { adminTexts } from './texts.ts'
import './admin.css'

const tabs = {
  overview: Overview,
  plugins: Plugins,
  jobs: Jobs,
  settings: Settings,
  mail: Mail,
  audit: Audit,
}
type Tab = keyof typeof tabs

/** What the administrator sees: health first, then the parts as tabs with addresses of their own. */
export default function AdminPage({ params }: PageProps) {
  const t = useTexts(adminTexts)
  const tab = (params.tab ?? 'overview') as Tab
  const Part: ComponentType | undefined = Object.hasOwn(tabs, tab) ? tabs[tab] : undefined
  useTitle(Part && (tab === 'overview' ? t('title') : t(tab)))
  if (!Part) return <NotFound />
  const items = (Object.keys(tabs) as Tab[]).map((name) => ({
    href: name === 'overview' ? '/admin' : `/admin/${name}`,
    label: t(name),
  }))
  return (
    <>
      <PageHeader title={t('title')} />
      <TabLinks label={t('title')} items={items} />
      <Part key={tab} />
    </>
  )
}
