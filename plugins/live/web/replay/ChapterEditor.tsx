import './replay.css'
import { useRef, useState } from 'preact/hooks'
import { asProblem, Button, call, formatClock, IconButton, Notice, toast, useTexts } from '#web'
import { type Chapter, type Replay, setChapters } from '../../contract.ts'
import { useChapters } from './chapter-words.ts'
import { msOf } from './clock-text.ts'
import type { PlayerPlace } from './place.ts'
import { replayTexts } from './texts.ts'

interface Row {
  key: number
  at: string
  title: string
}

interface EditorProps {
  replay: Replay
  place: PlayerPlace
  onSaved(replay: Replay): void
  onClose(): void
}

const rowOf = ({ atMs, title }: Chapter, key: number): Row => ({ key, at: formatClock(atMs), title })

/** What the rows say, or what is wrong with them. */
function read(rows: readonly Row[], durationMs: number): Chapter[] | 'badTime' | 'emptyTitle' {
  const chapters: Chapter[] = []
  for (const { at, title } of rows) {
    const atMs = msOf(at)
    if (atMs === null || atMs >= durationMs) return 'badTime'
    if (title.trim() === '') return 'emptyTitle'
    chapters.push({ atMs, title: title.trim() })
  }
  return chapters.sort((a, b) => a.atMs - b.atMs)
}

/** Chapters by hand: their times can be typed, or taken from where the player is. */
export function ChapterEditor({ replay, place, onSaved, onClose }: EditorProps) {
  const t = useTexts(replayTexts)
  const shown = useChapters(replay.chapters)
  const [rows, setRows] = useState(() => shown.map(rowOf))
  const next = useRef(replay.chapters.length)
  const [fault, setFault] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const change = (key: number, part: Partial<Row>) =>
    setRows(rows.map((row) => (row.key === key ? { ...row, ...part } : row)))
  const add = () => {
    const row = rowOf({ atMs: place.atMs.peek(), title: t('newChapter') }, next.current++)
    const before = (one: Row) => (msOf(one.at) ?? 0) <= (msOf(row.at) ?? 0)
    setRows([...rows.filter(before), row, ...rows.filter((one) => !before(one))])
  }
  const save = async () => {
    const chapters = read(rows, replay.durationMs)
    if (typeof chapters === 'string') return setFault(t(chapters))
    setBusy(true)
    setFault(null)
    try {
      onSaved(await call(setChapters, { params: { id: replay.id }, body: { chapters } }))
      toast(t('chaptersSaved'))
      onClose()
    } catch (error) {
      setFault(asProblem(error).message)
      setBusy(false)
    }
  }
  return (
    <form
      class="replay-editor"
      aria-label={t('editChapters')}
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      {rows.length === 0 && <p class="muted">{t('noChapters')}</p>}
      <ul class="replay-rows">
        {rows.map((row) => (
          <li key={row.key}>
            <span class="field replay-at">
              <input
                aria-label={t('at')}
                value={row.at}
                onInput={(event) => change(row.key, { at: event.currentTarget.value })}
              />
            </span>
            <span class="field">
              <input
                aria-label={t('chapterTitle')}
                maxLength={120}
                value={row.title}
                onInput={(event) => change(row.key, { title: event.currentTarget.value })}
              />
            </span>
            <IconButton
              icon="trash"
              label={t('removeChapter', { title: row.title })}
              onClick={() => setRows(rows.filter(({ key }) => key !== row.key))}
            />
          </li>
        ))}
      </ul>
      {fault && <Notice tone="bad">{fault}</Notice>}
      <div class="row">
        <Button type="submit" look="main" isBusy={isBusy}>
          {t('saveChapters')}
        </Button>
        <Button icon="plus" onClick={add}>
          {t('addHere', { at: formatClock(place.atMs.value) })}
        </Button>
        <Button look="plain" onClick={onClose}>
          {t('close')}
        </Button>
      </div>
    </form>
  )
}
