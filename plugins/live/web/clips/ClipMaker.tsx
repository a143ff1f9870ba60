import './clips.css'
import type { ReadonlySignal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import { asProblem, Button, call, Field, formatClock, formatDuration, Notice, useTexts } from '#web'
import { type Clip, createClip } from '../../contract.ts'
import { ClipMade } from './ClipMade.tsx'
import { type Ends, endsAt, moved, placeOf, reachOf, stepMs } from './handles.ts'
import { clipMakerTexts } from './maker-texts.ts'

export interface ClipSource {
  slug: string
  streamId: string
  /** Where the player is, in the same milliseconds as the ends. */
  atMs: ReadonlySignal<number>
  seek(ms: number, isPlaying?: boolean): void
  within: Ends
  /** ISO date of such a place. */
  dateOf(ms: number): string
  /** How such a place is told; how long ago, of a running stream. */
  isLive: boolean
}

/** Positions are told four times a second: a recording that reached its end would stand there. */
const beforeEndMs = 350

/** Two ends on the line of what was just seen, a title, and the page's own player as preview. */
export default function ClipMaker({ source, onClose }: { source: ClipSource; onClose(): void }) {
  const [clip, setClip] = useState<Clip | null>(null)
  return (
    <div class="clip-maker">
      <section class="clip-box">
        {clip ? (
          <ClipMade clip={clip} onAnother={() => setClip(null)} onClose={onClose} />
        ) : (
          <Choose source={source} onMade={setClip} onClose={onClose} />
        )}
      </section>
    </div>
  )
}

function Choose({
  source,
  onMade,
  onClose,
}: {
  source: ClipSource
  onMade(clip: Clip): void
  onClose(): void
}) {
  const t = useTexts(clipMakerTexts)
  const { within } = source
  const [ends, setEnds] = useState(() => endsAt(source.atMs.peek(), within))
  const [title, setTitle] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const preview = usePreview(source, ends)
  const move = (end: 'from' | 'until', to: number) => {
    const next = moved(ends, end, to, within)
    setEnds(next)
    preview.stop()
    source.seek(next[end])
  }
  const make = async () => {
    if (title.trim() === '') return setFault(t('needTitle'))
    setBusy(true)
    setFault(null)
    preview.stop()
    const { slug, streamId, dateOf } = source
    const body = { title: title.trim(), streamId, from: dateOf(ends.from), until: dateOf(ends.until) }
    try {
      onMade(await call(createClip, { params: { slug }, body }))
    } catch (error) {
      setFault(asProblem(error).message)
      setBusy(false)
    }
  }
  return (
    <form
      aria-label={t('makeTitle')}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void make()
      }}
    >
      <h2>{t('makeTitle')}</h2>
      <p class="muted small">{t('lead')}</p>
      <Handles source={source} ends={ends} onMove={move} />
      <Field
        name="title"
        label={t('title')}
        hint={t('titleHint')}
        maxLength={120}
        value={title}
        onValue={setTitle}
      />
      {fault && <Notice tone="bad">{fault}</Notice>}
      <div class="row">
        <Button type="submit" look="main" isBusy={isBusy}>
          {t('make')}
        </Button>
        <Button icon={preview.isOn ? 'pause' : 'play'} onClick={preview.toggle}>
          {t(preview.isOn ? 'stopPreview' : 'preview')}
        </Button>
        <Button look="plain" onClick={onClose}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  )
}

/** Plays the stretch over and over on the page's player. */
function usePreview({ atMs, seek, within }: ClipSource, { from, until }: Ends) {
  const [isOn, setOn] = useState(false)
  const turnMs = Math.max(from + 1, Math.min(until, within.until - beforeEndMs))
  useEffect(() => {
    if (!isOn) return undefined
    seek(from, true)
    return atMs.subscribe((at) => {
      if (at >= turnMs) seek(from, true)
    })
  }, [isOn, from, turnMs, atMs, seek])
  return { isOn, stop: () => setOn(false), toggle: () => setOn(!isOn) }
}

function Handles({
  source,
  ends,
  onMove,
}: {
  source: ClipSource
  ends: Ends
  onMove(end: 'from' | 'until', to: number): void
}) {
  const t = useTexts(clipMakerTexts)
  const { within, isLive } = source
  const told = (ms: number) => {
    if (!isLive) return formatClock(ms)
    const ago = within.until - ms
    return ago < 500 ? t('now') : t('ago', { time: formatClock(ago) })
  }
  const length = formatDuration(ends.until - ends.from)
  const share = (ms: number) => String((ms - within.from) / Math.max(1, within.until - within.from))
  return (
    <div class="clip-handles" style={{ '--from': share(ends.from), '--until': share(ends.until) }}>
      {(['from', 'until'] as const).map((end) => (
        <label key={end} class="clip-handle">
          <span class="clip-end">
            <b>{t(end === 'from' ? 'begins' : 'ends')}</b> {told(ends[end])}
          </span>
          <input
            type="range"
            min={0}
            max={reachOf(within)}
            step={stepMs}
            value={placeOf(ends[end], within)}
            aria-valuetext={t('endAt', { at: told(ends[end]), length })}
            onInput={(event) => onMove(end, within.from + event.currentTarget.valueAsNumber)}
          />
        </label>
      ))}
      <p class="clip-length" aria-live="polite">
        {length}
      </p>
    </div>
  )
}
