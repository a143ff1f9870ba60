import { useEffect } from 'preact/hooks'
import { say } from '../../sdk/language.ts'
import { useLoaded } from '../../sdk/lazy.tsx'
import { navigate, path } from '../../sdk/location.ts'
import type { AdminTab, Load, PageProps } from '../../sdk/plugin.ts'
import { can } from '../../sdk/session.ts'
import { useTitle } from '../../sdk/title.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { PageGuard } from '../guard.tsx'
import { NotAllowed } from '../not-allowed.tsx'
import { NotFound } from '../not-found.tsx'
import { AdminNav } from './nav.tsx'
import { findTab, hrefOf, openGroups } from './tabs.ts'
import './admin.css'

function Part({ load, params }: { load: Load<PageProps> } & PageProps) {
  const { Part, error, retry } = useLoaded(load)
  if (error) return <ErrorState error={error} retry={retry} />
  return Part ? <Part params={params} /> : <Skeleton lines={5} />
}

/** `/admin` is the overview; who may not see that goes to the first part they may. */
function ToFirst() {
  const first = openGroups()[0]?.tabs[0]
  useEffect(() => {
    if (first) navigate(hrefOf(first.name), { replace: true })
  }, [first])
  return <Skeleton lines={5} />
}

function Opened({ tab, load, params }: { tab: AdminTab; load: Load<PageProps> } & PageProps) {
  useTitle(params.id ? undefined : say(tab.label))
  return (
    <div class="admin">
      <AdminNav current={tab} />
      <div class="admin-part">
        <PageGuard key={path.value}>
          <Part load={load} params={params} />
        </PageGuard>
      </div>
    </div>
  )
}

/** What who runs the label sees: the parts in groups beside the one that is open, each loaded when it is opened. */
export default function AdminPage({ params }: PageProps) {
  const tab = findTab(params.tab ?? 'overview')
  const load = params.id ? tab?.loadOne : tab?.load
  if (!tab || !load) return <NotFound />
  if (can(tab.permission)) return <Opened tab={tab} load={load} params={params} />
  return params.tab ? <NotAllowed at={path.value} /> : <ToFirst />
}
