import '../player.css'
import './embed.css'
import { useEffect, useState } from 'preact/hooks'
import type { Track } from '#plugins/catalog'
import { formatClock, Icon, type PageProps, QueryView, useQuery, useSite, useTexts, useTitle } from '#web'
import { type Embed, getEmbed } from '../../contract.ts'
import { SeekLane } from '../bar/SeekLane.tsx'
import { Cover } from '../bar/TrackWords.tsx'
import { PlayButton } from '../bar/Transport.tsx'
import { tintOf } from '../bar/tint.ts'
import { createPlayer } from '../engine/player.ts'
import { currentEntry } from '../engine/queue.ts'
import type { Player } from '../engine/types.ts'
import { tellFaults } from '../listen/faults.ts'
import { reportPlays } from '../listen/plays.ts'
import { beAlone } from '../listen/tabs.ts'
import { know, resolve, toPlayable } from '../listen/tracks.ts'
import { embedTexts } from './texts.ts'

/** A player in a frame of another site: one track, or a list. */
export default function EmbedPage({ params }: PageProps) {
  const kind = params.kind ?? ''
  const query = useQuery(getEmbed, { params: { kind, key: params.key ?? '' } })
  useTitle(query.data?.title)
  return (
    <QueryView query={query} skeleton={<div class="embed is-empty" />}>
      {(embed) => <Framed embed={embed} isOne={kind === 'track'} />}
    </QueryView>
  )
}

/** An engine of its own: without queue to keep, or an account. */
function usePlayer(tracks: readonly Track[]): Player | null {
  const [player, setPlayer] = useState<Player | null>(null)
  useEffect(() => {
    know(tracks)
    const made = createPlayer({ resolve })
    const endings = [reportPlays(made), tellFaults(made), beAlone(made)]
    setPlayer(made)
    return () => {
      for (const end of endings) end()
      made.dispose()
    }
  }, [tracks])
  return player
}

function Framed({ embed, isOne }: { embed: Embed; isOne: boolean }) {
  const t = useTexts(embedTexts)
  const { title: label } = useSite()
  const { tracks } = embed
  const player = usePlayer(tracks)
  const id = player ? (currentEntry(player.queue.value)?.trackId ?? null) : null
  const present = tracks.find((track) => track.id === id) ?? tracks[0]
  if (!present || !player) return <p class="embed is-empty">{player && t('nothing')}</p>
  const playable = tracks.flatMap((track) => toPlayable(track) ?? [])
  const playFrom = (trackId: string) => {
    if (trackId === id) player.toggle()
    else
      player.playNow(
        playable,
        playable.findIndex((track) => track.id === trackId),
      )
  }
  const who = isOne ? present.artists.map(({ name }) => name).join(', ') : (embed.author?.name ?? '')
  return (
    <div class={`embed${isOne ? ' is-one' : ''}`} style={tintOf(present.release.cover?.colour)}>
      <div class="embed-head">
        <Cover track={present} />
        <div class="embed-words">
          <h1 class="embed-title">
            <a href={embed.href} target="_blank" rel="noopener">
              {embed.title}
            </a>
          </h1>
          <span class="muted small">{who}</span>
          {id === null ? (
            <button
              type="button"
              class="player-play"
              aria-label={t('play')}
              onClick={() => playFrom(present.id)}
            >
              <Icon name="play" size={22} />
            </button>
          ) : (
            <PlayButton player={player} size={22} />
          )}
          <a class="embed-label small" href={embed.href} target="_blank" rel="noopener">
            {label}
          </a>
        </div>
      </div>
      <SeekLane player={player} track={present} />
      {!isOne && (
        <ol class="embed-list">
          {tracks.map((track, at) => (
            <li key={track.id} aria-current={track.id === id ? 'true' : undefined}>
              <button type="button" disabled={!track.playback} onClick={() => playFrom(track.id)}>
                <span class="figures">{at + 1}</span>
                <b>{track.title}</b>
                <span class="player-time">{formatClock(track.durationMs)}</span>
              </button>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}
