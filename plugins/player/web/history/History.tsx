import './history.css'
import type { Track } from '#plugins/catalog'
import {
  asProblem,
  Button,
  ButtonLink,
  call,
  confirm,
  EmptyState,
  formatAgo,
  formatClock,
  IconButton,
  invalidate,
  MoreButton,
  player,
  QueryView,
  toast,
  usePages,
  useQuery,
  useTexts,
} from '#web'
import { clearHistory, listHistory, listPositions, removeHistoryItem, savePosition } from '../../contract.ts'
import { Cover } from '../bar/TrackWords.tsx'
import { historyTexts } from './texts.ts'

/** Runs a change and tells where it failed. */
async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    toast(asProblem(error).message, { tone: 'bad' })
  }
}

/** What was heard, and long recordings one stopped in the middle of. */
export function History() {
  const t = useTexts(historyTexts)
  const pages = usePages(listHistory, {})
  const { query, items } = pages
  const remove = (id: string) =>
    attempt(async () => {
      await call(removeHistoryItem, { params: { id } })
      await query.reload()
    })
  const clear = () =>
    attempt(async () => {
      const question = { title: t('clearTitle'), text: t('clearText'), action: t('clear') }
      if (!(await confirm(question))) return
      await call(clearHistory)
      await query.reload()
      toast(t('cleared'))
    })
  return (
    <div class="stack">
      <GoOn />
      <QueryView query={query}>
        {() =>
          items.length === 0 ? (
            <EmptyState
              icon="clock"
              title={t('empty')}
              text={t('emptyText')}
              action={<ButtonLink href="/library">{t('toLibrary')}</ButtonLink>}
            />
          ) : (
            <section>
              <ol class="heard">
                {items.map(({ id, playedAt, track }) => (
                  <li key={id}>
                    <Heard track={track} words={formatAgo(playedAt)} />
                    <IconButton
                      icon="close"
                      label={t('remove', { title: track.title })}
                      onClick={() => void remove(id)}
                    />
                  </li>
                ))}
              </ol>
              <MoreButton pages={pages} />
              <div class="row heard-tools">
                <Button look="plain" icon="trash" onClick={() => void clear()}>
                  {t('clear')}
                </Button>
              </div>
            </section>
          )
        }
      </QueryView>
    </div>
  )
}

function GoOn() {
  const t = useTexts(historyTexts)
  const query = useQuery(listPositions)
  const items = query.data?.items ?? []
  if (items.length === 0) return null
  const forget = (trackId: string) =>
    attempt(async () => {
      await call(savePosition, { params: { trackId }, body: { positionMs: null } })
      invalidate(listPositions)
    })
  return (
    <section>
      <h2>{t('goOn')}</h2>
      <ol class="heard">
        {items.map(({ track, positionMs }) => (
          <li key={track.id} style={{ '--share': `${(positionMs / track.durationMs) * 100}%` }}>
            <Heard
              track={track}
              atMs={positionMs}
              words={t('left', { time: formatClock(track.durationMs - positionMs) })}
            />
            <IconButton
              icon="close"
              label={t('forget', { title: track.title })}
              onClick={() => void forget(track.id)}
            />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Heard({ track, words, atMs }: { track: Track; words: string; atMs?: number }) {
  const t = useTexts(historyTexts)
  const { title, artists, release } = track
  const play = () =>
    player.value?.play(
      [track],
      { id: `release:${release.id}`, title: release.title, href: release.href },
      0,
      atMs,
    )
  return (
    <>
      <button
        type="button"
        class="heard-play"
        aria-label={t('play', { title })}
        disabled={!track.playback}
        onClick={play}
      >
        <Cover track={track} />
      </button>
      <span class="heard-words">
        <a href={`/tracks/${track.id}`}>{title}</a>
        <span class="muted small">{artists.map(({ name }) => name).join(', ')}</span>
        {atMs !== undefined && <i aria-hidden="true" />}
      </span>
      <span class="muted small figures">{words}</span>
    </>
  )
}
