import { useState } from 'preact/hooks'
import {
  Avatar,
  asProblem,
  Badge,
  Button,
  call,
  formatDuration,
  Icon,
  IconButton,
  invalidate,
  me,
  navigate,
  player,
  toast,
  useTexts,
} from '#web'
import { followPlaylist, listFollowedPlaylists, type Playlist, unfollowPlaylist } from '../../contract.ts'
import { Mosaic } from '../Mosaic.tsx'
import { pageTexts } from '../page-texts.ts'
import { listTexts } from '../texts.ts'
import { HeaderMenu } from './HeaderMenu.tsx'
import { playFrom, playShuffled } from './playing.ts'
import { ShareDialog } from './ShareDialog.tsx'
import type { Live } from './use-live.ts'
import type { Rows } from './use-rows.ts'

interface HeaderProps {
  playlist: Playlist
  rows: Rows
  live: Live
  listKey: string | undefined
  set(playlist: Playlist): void
  reload(): void
}

/** Cover, title, whose it is and what one can do with it. */
export function Header({ playlist, rows, live, listKey, set, reload }: HeaderProps) {
  const t = useTexts(pageTexts)
  const marks = useTexts(listTexts)
  const { title, description, kind, visibility } = playlist
  return (
    <header class="list-head">
      <Mosaic list={playlist} isLarge />
      <div>
        <p class="list-kind">
          {kind === 'smart' && <Badge>{marks('smart')}</Badge>} <Badge>{marks(visibility)}</Badge>
        </p>
        <h1>{title}</h1>
        <Facts playlist={playlist} rows={rows} />
        {description && <p class="list-description">{description}</p>}
        {kind === 'smart' && <p class="muted small">{t('smartNote')}</p>}
        <div class="row">
          <PlayAll playlist={playlist} rows={rows} listKey={listKey} />
          <Button
            icon="shuffle"
            disabled={!player.value || rows.count < 2}
            onClick={() => playShuffled(playlist, rows.rows, listKey)}
          >
            {t('shuffle')}
          </Button>
          <Follow playlist={playlist} listKey={listKey} reload={reload} />
          <Share playlist={playlist} set={set} />
          <HeaderMenu playlist={playlist} listKey={listKey} set={set} reload={reload} />
        </div>
        <People live={live} />
      </div>
    </header>
  )
}

/** Plays from the start; while it plays, or rests in the middle, the same button stops it and goes on. */
function PlayAll({ playlist, rows, listKey }: Pick<HeaderProps, 'playlist' | 'rows' | 'listKey'>) {
  const t = useTexts(pageTexts)
  const state = player.value?.state.value
  const isHere = state?.from?.id === `playlist:${playlist.id}` && state.status !== 'idle'
  const isPlaying = isHere && (state.status === 'playing' || state.status === 'loading')
  const press = () => {
    if (isPlaying) player.value?.pause()
    else if (isHere) player.value?.resume()
    else playFrom(playlist, rows.rows, 0, listKey)
  }
  return (
    <Button
      look="main"
      icon={isPlaying ? 'pause' : 'play'}
      disabled={!player.value || rows.count === 0}
      onClick={press}
    >
      {t(isPlaying ? 'pause' : 'play')}
    </Button>
  )
}

function Facts({ playlist, rows }: { playlist: Playlist; rows: Rows }) {
  const t = useTexts(pageTexts)
  const { owner, editors, followerCount, visibility } = playlist
  const lengthMs = rows.rows.reduce((sum, { item }) => sum + (item?.track?.durationMs ?? 0), 0)
  const names = editors.map(({ displayName }) => displayName).join(', ')
  return (
    <p class="list-facts">
      {owner && (
        <a href={`/@${owner.username}`}>
          <Avatar name={owner.displayName} url={owner.avatarUrl} size={24} />
          {t('by', { name: owner.displayName })}
        </a>
      )}
      {names && <span>{t('withEditors', { names })}</span>}
      <span>{t('tracks', { count: rows.count })}</span>
      {lengthMs > 0 && !rows.hasMore && <span>{formatDuration(lengthMs)}</span>}
      {visibility !== 'private' && followerCount > 0 && (
        <span>{t('followers', { count: followerCount })}</span>
      )}
    </p>
  )
}

function Follow({
  playlist,
  listKey,
  reload,
}: {
  playlist: Playlist
  listKey: string | undefined
  reload(): void
}) {
  const t = useTexts(pageTexts)
  const { id, title, role, isFollowed } = playlist
  if (role === 'owner' || role === 'editor') return null
  const press = async () => {
    if (!me.value) return navigate(`/login?next=${encodeURIComponent(location.pathname + location.search)}`)
    try {
      if (isFollowed) await call(unfollowPlaylist, { params: { id } })
      else await call(followPlaylist, { params: { id }, query: { key: listKey } })
      toast(t(isFollowed ? 'unfollowed' : 'followed', { title }))
      invalidate(listFollowedPlaylists)
      reload()
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  return (
    <Button icon={isFollowed ? 'check' : 'heart'} aria-pressed={isFollowed} onClick={() => void press()}>
      {t(isFollowed ? 'following' : 'follow')}
    </Button>
  )
}

function Share({ playlist, set }: { playlist: Playlist; set(playlist: Playlist): void }) {
  const t = useTexts(pageTexts)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <IconButton icon="share" label={t('share')} onClick={() => setOpen(true)} />
      {isOpen && <ShareDialog playlist={playlist} set={set} onClose={() => setOpen(false)} />}
    </>
  )
}

/** Who else edits it just now, and whether what one did has arrived. */
function People({ live }: { live: Live }) {
  const t = useTexts(pageTexts)
  const { here, isOffline, list } = live
  const names = here.map(({ displayName }) => displayName).join(', ')
  const isWaiting = (list?.waiting.value ?? 0) > 0
  return (
    <>
      {here.length > 0 && (
        <p class="list-here">
          <span class="list-avatars">
            {here.slice(0, 6).map((person) => (
              <Avatar key={person.id} name={person.displayName} url={person.avatarUrl} size={26} />
            ))}
          </span>
          {t('here', { names })}
        </p>
      )}
      <p role="status" class={isOffline ? 'list-offline' : 'hidden-text'}>
        {isOffline && (
          <>
            <Icon name="offline" size={18} /> {t('offline')}
          </>
        )}
        {!isOffline && isWaiting && t('waiting')}
      </p>
    </>
  )
}
