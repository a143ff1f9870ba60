import { useEffect, useState } from 'preact/hooks'
import { EmptyState, Field, MoreButton, QueryView, Skeleton, usePages, useQuery, useTexts } from '#web'
import { type Folder, listFolders, listMyPlaylists } from '../../contract.ts'
import { listTexts } from '../texts.ts'
import { Folders } from './Folders.tsx'
import { ListGrid } from './ListGrid.tsx'

/** One’s own playlists and those one edits; folders hold one’s own. */
export function MyLists() {
  const t = useTexts(listTexts)
  const [typed, setTyped] = useState('')
  const [q, setQ] = useState('')
  const [folder, setFolder] = useState<Folder | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed.trim()), 200)
    return () => clearTimeout(timer)
  }, [typed])
  const folders = useQuery(listFolders)
  const pages = usePages(listMyPlaylists, { query: { q: q || undefined, limit: 100 } })
  const shown = pages.items.filter((list) => folder === null || list.folderId === folder.id)
  const isNone = pages.items.length === 0 && q === ''
  return (
    <QueryView query={pages.query} skeleton={<Skeleton shape="block" count={6} />}>
      {() => (
        <>
          {!isNone && (
            <div class="list-tools">
              <Field
                name="q"
                type="search"
                label={t('search')}
                value={typed}
                onValue={setTyped}
                maxLength={80}
              />
            </div>
          )}
          {!isNone && <Folders folders={folders} current={folder} onPick={setFolder} />}
          {isNone && <EmptyState icon="list" title={t('emptyMine')} text={t('emptyMineText')} />}
          {q !== '' && shown.length === 0 && <p class="muted">{t('nothing')}</p>}
          {folder && q === '' && shown.length === 0 && (
            <EmptyState icon="folder" title={t('emptyFolder')} text={t('emptyFolderText')} />
          )}
          <ListGrid lists={shown} />
          <MoreButton pages={pages} />
        </>
      )}
    </QueryView>
  )
}
