import { EmptyState, MoreButton, QueryView, Skeleton, usePages, useTexts } from '#web'
import { listTracks, type trackSorts } from '../../contract.ts'
import { TrackList } from '../TrackList.tsx'
import { catalogTexts } from '../texts.ts'
import { GenrePick } from './GenrePick.tsx'
import { Search, useAddressWord } from './Search.tsx'

type Sort = (typeof trackSorts)[number]
const sorts: readonly Sort[] = ['newest', 'oldest', 'title', 'plays', 'duration', 'bpm']

/** Every track one may hear, or only one's favourites. */
export function TracksTab({ areFavourites }: { areFavourites?: boolean }) {
  const t = useTexts(catalogTexts)
  const [q] = useAddressWord('q')
  const [genre] = useAddressWord('genre')
  const [tag, setTag] = useAddressWord('tag')
  const [sortWord, setSort] = useAddressWord('sort')
  const sort = sorts.find((one) => one === sortWord) ?? 'newest'
  const pages = usePages(listTracks, {
    query: {
      q: q || undefined,
      genre: genre || undefined,
      tag: tag || undefined,
      sort: sort === 'newest' ? undefined : sort,
      // Sent as a word: the address knows no other.
      isFavourite: areFavourites || undefined,
      limit: 50,
    },
  })
  const title = areFavourites ? t('favourites') : t('tracks')
  const from = {
    id: areFavourites ? 'favourites' : 'library',
    title,
    href: `/library/${areFavourites ? 'favourites' : 'tracks'}`,
  }
  return (
    <>
      <div class="library-tools">
        <Search label={t('searchTracks')} />
        <label class="library-sort">
          <span>{t('sort')}</span>
          <select value={sort} onChange={(event) => setSort(event.currentTarget.value)}>
            {sorts.map((one) => (
              <option key={one} value={one}>
                {t(`sort-${one}`)}
              </option>
            ))}
          </select>
        </label>
        {tag && (
          <button type="button" class="chip" aria-pressed="true" onClick={() => setTag('')}>
            {tag} ×
          </button>
        )}
        <GenrePick />
      </div>
      <QueryView query={pages.query} skeleton={<Skeleton lines={10} />}>
        {() =>
          pages.items.length === 0 ? (
            <Nothing isSearch={Boolean(q || genre || tag)} areFavourites={areFavourites ?? false} />
          ) : (
            <TrackList tracks={pages.items} from={from} look="mixed" label={title} />
          )
        }
      </QueryView>
      <MoreButton pages={pages} />
    </>
  )
}

function Nothing({ isSearch, areFavourites }: { isSearch: boolean; areFavourites: boolean }) {
  const t = useTexts(catalogTexts)
  if (isSearch) return <EmptyState icon="search" title={t('nothingFound')} text={t('nothingFoundText')} />
  if (areFavourites) return <EmptyState icon="heart" title={t('noFavourites')} text={t('noFavouritesText')} />
  return <EmptyState icon="music" title={t('emptyLibrary')} text={t('emptyLibraryText')} />
}
