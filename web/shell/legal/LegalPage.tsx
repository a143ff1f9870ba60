import { admin, notFound } from '#contract'
import { path } from '../../sdk/location.ts'
import { useQuery } from '../../sdk/query.ts'
import { useTexts } from '../../sdk/texts.ts'
import { useTitle } from '../../sdk/title.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Prose } from '../../ui/prose.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { NotFound } from '../not-found.tsx'
import { legalTexts } from './texts.ts'
import './legal.css'

/** What the label says about its terms, or about privacy. */
export default function LegalPage() {
  const t = useTexts(legalTexts)
  const name = path.value === '/privacy' ? 'privacy' : 'terms'
  const query = useQuery(admin.sitePage, { params: { name } })
  useTitle(t(name))
  if (query.error?.is(notFound)) return <NotFound />
  return (
    <>
      <PageHeader title={t(name)} />
      <QueryView query={query}>
        {({ html }) => (
          <div class="legal">
            <Prose html={html} />
          </div>
        )}
      </QueryView>
    </>
  )
}
