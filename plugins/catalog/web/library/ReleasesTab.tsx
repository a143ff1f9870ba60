import { ButtonLink, can, EmptyState, MoreButton, QueryView, Skeleton, usePages, useTexts } from '#web'
import { listReleases } from '../../contract.ts'
import { ReleaseGrid } from '../ReleaseGrid.tsx'
import { catalogTexts } from '../texts.ts'
import { GenrePick } from './GenrePick.tsx'
import { Search, useAddressWord } from './Search.tsx'

/** Releases by date, to be searched and narrowed; their makers see their drafts, too. */
export function ReleasesTab() {
  const t = useTexts(catalogTexts)
  const [q] = useAddressWord('q')
  const [genre] = useAddressWord('genre')
  const [whose, setWhose] = useAddressWord('whose')
  const isMine = whose === 'mine'
  const pages = usePages(listReleases, {
    query: {
      q: q || undefined,
      genre: genre || undefined,
      whose: isMine ? ('mine' as const) : undefined,
      limit: 48,
    },
  })
  const mayPublish = can('catalog.publish')
  const upload = mayPublish && (
    <ButtonLink look="main" href="/upload" icon="upload">
      {t('upload')}
    </ButtonLink>
  )
  return (
    <>
      <div class="library-tools">
        <Search label={t('searchReleases')} />
        {mayPublish && (
          <button
            type="button"
            class="chip"
            aria-pressed={isMine}
            onClick={() => setWhose(isMine ? '' : 'mine')}
          >
            {t('mineOnly')}
          </button>
        )}
        <GenrePick />
      </div>
      <QueryView query={pages.query} skeleton={<Skeleton shape="block" count={6} />}>
        {() =>
          pages.items.length === 0 ? (
            q || genre || isMine ? (
              <EmptyState
                icon="search"
                title={t('nothingFound')}
                text={t('nothingFoundText')}
                action={isMine && upload}
              />
            ) : (
              <EmptyState
                icon="library"
                title={t('emptyLibrary')}
                text={t('emptyLibraryText')}
                action={upload}
              />
            )
          ) : (
            <ReleaseGrid releases={pages.items} />
          )
        }
      </QueryView>
      <MoreButton pages={pages} />
    </>
  )
}
