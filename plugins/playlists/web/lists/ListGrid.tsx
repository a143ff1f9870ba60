import '../lists.css'
import { Badge, Pill, useTexts } from '#web'
import type { PlaylistCard } from '../../contract.ts'
import { Mosaic } from '../Mosaic.tsx'
import { listTexts } from '../texts.ts'

/** Playlists as covers with their names. */
export function ListGrid({ lists }: { lists: readonly PlaylistCard[] }) {
  const t = useTexts(listTexts)
  return (
    <ul class="list-grid">
      {lists.map((list) => (
        <li key={list.id}>
          <a href={list.href}>
            <Mosaic list={list} />
            <h3>{list.title}</h3>
            <p>
              {t('tracks', { count: list.trackCount })}
              {list.role !== 'owner' && list.owner && ` · ${t('by', { name: list.owner.displayName })}`}
            </p>
          </a>
          <p class="list-marks">
            {list.hasNews && <Pill tone="brand">{t('updated')}</Pill>}
            {list.kind === 'smart' && <Badge>{t('smart')}</Badge>}
            {list.role === 'owner' && list.visibility !== 'private' && <Badge>{t(list.visibility)}</Badge>}
          </p>
        </li>
      ))}
    </ul>
  )
}
