import { useEffect, useState } from 'preact/hooks'
import { listTracks, type Track } from '#plugins/catalog'
import { Field, Icon, me, QueryView, toast, useQuery, useTexts } from '#web'
import { insertPlaces, type Playlist } from '../../contract.ts'
import { pageTexts } from '../page-texts.ts'
import type { LiveList } from './live-list.ts'
import { newPlaceId } from './new-place-id.ts'
import type { Rows } from './use-rows.ts'

/** Finds tracks to add, below the list. */
export function AddSearch({ list, rows }: { playlist: Playlist; list: LiveList; rows: Rows }) {
  const t = useTexts(pageTexts)
  const [typed, setTyped] = useState('')
  const [q, setQ] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed.trim()), 250)
    return () => clearTimeout(timer)
  }, [typed])
  const query = useQuery(listTracks, q === '' ? null : { query: { q, limit: 10 } })
  const there = new Set(list.places.value.map(({ trackId }) => trackId))
  const add = (track: Track) => {
    const id = newPlaceId()
    const { id: accountId = '', username = '', displayName = '', avatarUrl = null } = me.value ?? {}
    const addedBy = { id: accountId, username, displayName, avatarUrl }
    rows.learn({ id, trackId: track.id, track, addedBy, addedAt: new Date().toISOString() })
    list.edit((doc) => insertPlaces(doc, [{ id, trackId: track.id }], Number.POSITIVE_INFINITY))
    toast(t('addedOne', { title: track.title }))
  }
  return (
    <section class="list-add">
      <h2>{t('addTracks')}</h2>
      <Field name="q" type="search" label={t('addSearch')} value={typed} onValue={setTyped} maxLength={80} />
      {q !== '' && (
        <QueryView query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <p class="muted">{t('noResult')}</p>
            ) : (
              <ul class="list-choices">
                {items.map((track) => (
                  <li key={track.id}>
                    <button type="button" onClick={() => add(track)}>
                      <span class="hidden-text">{t('addOne', { title: '' })}</span>
                      {track.release.cover ? (
                        <img class="list-cover" src={track.release.cover.thumb} alt="" />
                      ) : (
                        <span class="list-cover is-none" />
                      )}
                      <span>
                        <b>{track.title}</b>
                        <span class="muted small">
                          {track.artists.map(({ name }) => name).join(', ')}
                          {there.has(track.id) && ` · ${t('isThere')}`}
                        </span>
                      </span>
                      <Icon name="plus" />
                    </button>
                  </li>
                ))}
              </ul>
            )
          }
        </QueryView>
      )}
    </section>
  )
}
