import type { Track } from '#plugins/catalog'
import { call, type PlayFrom, player } from '#web'
import { listItems, type Playlist } from '../../contract.ts'
import type { Row } from './use-rows.ts'

export const fromList = ({ id, title, href }: Playlist): PlayFrom => ({ id: `playlist:${id}`, title, href })
const heard = (rows: readonly { item: { track: Track | null } | undefined }[]): Track[] =>
  rows.flatMap(({ item }) => (item?.track?.playback ? [item.track] : []))

/** Whether this track of this playlist is the one in the player, and whether it sounds. */
export function stateOf(list: Playlist, trackId: string): 'playing' | 'paused' | null {
  const state = player.value?.state.value
  if (!state || state.trackId !== trackId || state.from?.id !== `playlist:${list.id}`) return null
  return state.status === 'playing' || state.status === 'loading' ? 'playing' : 'paused'
}

const mostQueued = 1900

/** Plays from a place on; what is not loaded yet follows behind. */
export function playFrom(list: Playlist, rows: readonly Row[], at: number, key: string | undefined): void {
  const tracks = heard(rows)
  const wanted = rows.slice(at).find(({ item }) => item?.track?.playback)?.item?.track
  const index = wanted ? heard(rows.slice(0, at)).length : 0
  if (tracks.length === 0) return
  player.value?.play(tracks, fromList(list), index)
  void queueRest(list, rows, key)
}

/** The same in an order of chance. */
export function playShuffled(list: Playlist, rows: readonly Row[], key: string | undefined): void {
  const tracks = heard(rows)
  for (let at = tracks.length - 1; at > 0; at--) {
    const other = Math.floor(Math.random() * (at + 1))
    ;[tracks[at], tracks[other]] = [tracks[other] as Track, tracks[at] as Track]
  }
  if (tracks.length === 0) return
  player.value?.play(tracks, fromList(list), 0)
  void queueRest(list, rows, key)
}

async function queueRest(list: Playlist, rows: readonly Row[], key: string | undefined): Promise<void> {
  let after: string | null = rows.at(-1)?.id ?? null
  let queued = rows.length
  while (after && queued < mostQueued && rows.length >= 100) {
    const query: { after: string; limit: number; key: string | undefined } = { after, limit: 100, key }
    const page = await call(listItems, { params: { id: list.id }, query }).catch(() => null)
    const isStill = player.value?.state.value.from?.id === `playlist:${list.id}`
    if (!page || !isStill) return
    player.value?.addLast(heard(page.items.map((item) => ({ item }))), fromList(list))
    queued += page.items.length
    after = page.next
  }
}
