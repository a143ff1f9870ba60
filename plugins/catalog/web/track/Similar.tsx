import { useQuery, useTexts } from '#web'
import { listSimilar, type Track } from '../../contract.ts'
import { secretOf } from '../secret.ts'
import { TrackList } from '../TrackList.tsx'
import { catalogTexts } from '../texts.ts'

/** Tracks like this one; nothing where there are none. */
export function Similar({ track }: { track: Track }) {
  const t = useTexts(catalogTexts)
  const { data } = useQuery(
    listSimilar,
    { params: { id: track.id }, query: { limit: 6, key: secretOf(track) } },
    { freshMs: 60_000 },
  )
  if (!data || data.items.length === 0) return null
  return (
    <section class="release-more">
      <h2>{t('similar')}</h2>
      <TrackList
        tracks={data.items}
        from={{
          id: `radio:${track.id}`,
          title: t('similarTo', { title: track.title }),
          href: `/tracks/${track.id}`,
        }}
        look="mixed"
        label={t('similar')}
      />
    </section>
  )
}
