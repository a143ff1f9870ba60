import { Avatar, EmptyState, QueryView, useQuery, useTexts } from '#web'
import { listCatalogArtists } from '../../contract.ts'
import { catalogTexts } from '../texts.ts'
import { Search, useAddressWord } from './Search.tsx'

/** Everybody who is credited with something one may hear. */
export function ArtistsTab() {
  const t = useTexts(catalogTexts)
  const [q] = useAddressWord('q')
  const query = useQuery(listCatalogArtists, { query: { q: q || undefined, limit: 100 } })
  return (
    <>
      <div class="library-tools">
        <Search label={t('searchArtists')} />
      </div>
      <QueryView query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              icon="users"
              title={t('nothingFound')}
              text={q ? t('nothingFoundText') : t('emptyLibraryText')}
            />
          ) : (
            <ul class="name-list">
              {items.map(({ name, slug, pictureUrl, trackCount }) => (
                <li key={name}>
                  <a href={slug ? `/artists/${slug}` : `/library/tracks?q=${encodeURIComponent(name)}`}>
                    <Avatar name={name} url={pictureUrl} size={44} />
                    <span>
                      <strong>{name}</strong>
                      <span class="muted small">{t('trackCount', { count: trackCount })}</span>
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </>
  )
}
