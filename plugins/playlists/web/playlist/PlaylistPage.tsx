import '../list.css'
import { useEffect } from 'preact/hooks'
import { notFound } from '#contract'
import { call, me, NotFound, type PageProps, QueryView, query, Skeleton, useQuery, useTitle } from '#web'
import { getPlaylist, markSeen, type Playlist } from '../../contract.ts'
import { Header } from './Header.tsx'
import { Invitation } from './Invitation.tsx'
import { Tracks } from './Tracks.tsx'
import { useLive } from './use-live.ts'
import { useRows } from './use-rows.ts'

/** `/playlists/{id}`; `?key=` is the secret of an unlisted one, `?invitation=` makes an editor. */
export default function PlaylistPage({ params }: PageProps) {
  const id = params.id ?? ''
  return <OpenList key={id} id={id} />
}

function OpenList({ id }: { id: string }) {
  const key = query.value.get('key') ?? undefined
  const invitation = query.value.get('invitation')
  const loaded = useQuery(getPlaylist, { params: { id }, query: { key } })
  useTitle(loaded.data?.title)
  const reload = () => void loaded.reload()
  if (invitation && loaded.data?.role !== 'owner' && loaded.data?.role !== 'editor')
    return <Invitation id={id} invitation={invitation} onJoined={reload} />
  if (loaded.error?.is(notFound)) return <NotFound />
  return (
    <QueryView query={loaded} skeleton={<Loading />}>
      {(playlist) => <Shown playlist={playlist} listKey={key} reload={reload} set={loaded.set} />}
    </QueryView>
  )
}

const Loading = () => (
  <div class="list-loading">
    <Skeleton shape="block" />
    <Skeleton lines={8} />
  </div>
)

interface ShownProps {
  playlist: Playlist
  listKey: string | undefined
  reload(): void
  set(playlist: Playlist): void
}

function Shown({ playlist, listKey, reload, set }: ShownProps) {
  const live = useLive(playlist, reload)
  const rows = useRows(playlist, live.list, listKey)
  const { id, isFollowed, hasNews } = playlist
  useEffect(() => {
    if (isFollowed && hasNews && me.value) call(markSeen, { params: { id } }).catch(() => undefined)
  }, [id, isFollowed, hasNews])
  return (
    <article class="list">
      <Header playlist={playlist} rows={rows} live={live} listKey={listKey} set={set} reload={reload} />
      <Tracks playlist={playlist} rows={rows} live={live} listKey={listKey} />
    </article>
  )
}
