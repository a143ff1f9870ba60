import { useEffect, useRef } from 'preact/hooks'
import { useLoaded } from '../sdk/lazy.tsx'
import { navigate, path, url } from '../sdk/location.ts'
import type { PageOf } from '../sdk/plugin.ts'
import { can, me } from '../sdk/session.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { ErrorState } from '../ui/states.tsx'
import { PageGuard } from './guard.tsx'
import { NotAllowed } from './not-allowed.tsx'
import { NotFound } from './not-found.tsx'
import { findPage } from './pages.ts'

/** After a step within the app, focus and scroll begin at the page's top, as after loading it. */
function useArrival(at: string): void {
  const shown = useRef(at)
  useEffect(() => {
    if (shown.current === at) return
    shown.current = at
    scrollTo(0, 0)
    document.getElementById('main')?.focus({ preventScroll: true })
  }, [at])
}

function LazyPage({ page, params }: { page: PageOf; params: Record<string, string> }) {
  const { Part, error, retry } = useLoaded(page.load)
  if (error) return <ErrorState error={error} retry={retry} />
  if (!Part) return <Skeleton lines={5} />
  return <Part params={params} />
}

/** Sends whoever is signed out to sign in, and back here afterwards. */
function ToSignIn() {
  useEffect(() => navigate(`/login?next=${encodeURIComponent(url.peek())}`, { replace: true }), [])
  return <Skeleton lines={3} />
}

/** The page at the address. */
export function Outlet() {
  const at = path.value
  const found = findPage(at)
  useArrival(at)
  if (!found) return <NotFound />
  const { page, params } = found
  if ((page.permission || page.needsAccount) && !me.value) return <ToSignIn />
  if (page.permission && !can(page.permission)) return <NotAllowed at={at} />
  return (
    <PageGuard key={page.path}>
      <LazyPage page={page} params={params} />
    </PageGuard>
  )
}
