import '../lists.css'
import { useEffect, useState } from 'preact/hooks'
import {
  asProblem,
  Button,
  call,
  Dialog,
  Field,
  Icon,
  invalidate,
  QueryView,
  toast,
  useQuery,
  useTexts,
} from '#web'
import { addItems, getPlaylist, listMyPlaylists, type PlaylistCard, removeItems } from '../../contract.ts'
import { NewListDialog } from '../lists/NewListDialog.tsx'
import { Mosaic } from '../Mosaic.tsx'
import { listTexts } from '../texts.ts'
import { picking } from './picking.ts'

/** Chooses a playlist for some tracks: search, one’s latest, or a new one. */
export default function Picker() {
  const t = useTexts(listTexts)
  const [typed, setTyped] = useState('')
  const [q, setQ] = useState('')
  const [isNew, setNew] = useState(false)
  const [there, setThere] = useState<PlaylistCard | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => setQ(typed.trim()), 200)
    return () => clearTimeout(timer)
  }, [typed])
  const query = useQuery(listMyPlaylists, { query: { kind: 'list', q: q || undefined, limit: 50 } })
  const trackIds = picking.value?.trackIds ?? []
  const close = () => {
    picking.value = null
  }
  const add = async (list: PlaylistCard, unlessThere: boolean) => {
    try {
      const body = { trackIds, unlessThere }
      const { added } = await call(addItems, { params: { id: list.id }, body })
      if (added.length === 0) return setThere(list)
      close()
      told(list.title, added.length, () =>
        takeBack(
          list.id,
          added.map(({ id }) => id),
        ),
      )
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  const told = (title: string, count: number, undo: () => void) => {
    invalidate(listMyPlaylists)
    invalidate(getPlaylist)
    toast(t('added', { title, count }), { undo })
  }
  if (isNew)
    return (
      <NewListDialog
        trackIds={trackIds}
        onClose={close}
        onMade={({ title }) => toast(t('added', { title, count: trackIds.length }))}
      />
    )
  return (
    <Dialog title={t('addTitle', { count: trackIds.length })} isOpen onClose={close}>
      <div class="form">
        <Field
          name="q"
          type="search"
          label={t('addSearch')}
          value={typed}
          onValue={setTyped}
          maxLength={80}
        />
        <div class="row">
          <Button icon="plus" onClick={() => setNew(true)}>
            {t('create')}
          </Button>
        </div>
        <p role="status" class={there ? '' : 'hidden-text'}>
          {there && t('alreadyThere', { title: there.title, count: trackIds.length })}{' '}
          {there && <Button onClick={() => void add(there, false)}>{t('addAnyway')}</Button>}
        </p>
        <QueryView query={query}>
          {({ items }) => (
            <Choices lists={items} isSearch={q !== ''} onPick={(list) => void add(list, true)} />
          )}
        </QueryView>
      </div>
    </Dialog>
  )
}

function Choices({
  lists,
  isSearch,
  onPick,
}: {
  lists: PlaylistCard[]
  isSearch: boolean
  onPick(list: PlaylistCard): void
}) {
  const t = useTexts(listTexts)
  if (lists.length === 0) return <p class="muted">{t(isSearch ? 'nothing' : 'addEmpty')}</p>
  return (
    <ul class="list-choices">
      {lists.map((list) => (
        <li key={list.id}>
          <button type="button" onClick={() => onPick(list)}>
            <span class="hidden-text">{t('addTo', { title: '' })}</span>
            <Mosaic list={list} />
            <span>
              <b>{list.title}</b>
              <span class="muted small">{t('tracks', { count: list.trackCount })}</span>
            </span>
            <Icon name="plus" />
          </button>
        </li>
      ))}
    </ul>
  )
}

async function takeBack(id: string, itemIds: string[]): Promise<void> {
  try {
    await call(removeItems, { params: { id }, body: { itemIds } })
    invalidate(listMyPlaylists)
    invalidate(getPlaylist)
  } catch (error) {
    toast(asProblem(error).message, { tone: 'bad' })
  }
}
