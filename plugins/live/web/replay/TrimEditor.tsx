import './replay.css'
import { useState } from 'preact/hooks'
import { asProblem, Button, call, Field, formatClock, Notice, toast, useTexts } from '#web'
import { type Replay, updateReplay } from '../../contract.ts'
import { msOf } from './clock-text.ts'
import type { PlayerPlace } from './place.ts'
import { replayTexts } from './texts.ts'

interface TrimProps {
  replay: Replay
  place: PlayerPlace
  onSaved(replay: Replay): void
  onClose(): void
}

/** Which part of a recording is shown; its times count the whole of it. */
export function TrimEditor({ replay, place, onSaved, onClose }: TrimProps) {
  const t = useTexts(replayTexts)
  const { startMs, endMs, wholeMs } = replay.trim ?? {
    startMs: 0,
    endMs: replay.durationMs,
    wholeMs: replay.durationMs,
  }
  const [from, setFrom] = useState(formatClock(startMs))
  const [until, setUntil] = useState(formatClock(endMs))
  const [fault, setFault] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const here = formatClock(startMs + place.atMs.value)
  const send = async (body: { trimStartMs: number | null; trimEndMs: number | null }) => {
    setBusy(true)
    setFault(null)
    try {
      const changed = await call(updateReplay, { params: { id: replay.id }, body })
      onSaved(changed)
      toast(changed.trim ? t('trimSaved', told(changed.trim)) : t('trimUndone'))
      onClose()
    } catch (error) {
      setFault(asProblem(error).message)
      setBusy(false)
    }
  }
  const save = () => {
    const [start, end] = [msOf(from), msOf(until)]
    if (start === null || end === null || start >= end) return setFault(t('badTime'))
    // What is shown as whole seconds is not cut short by what it does not show.
    const isToEnd = end >= Math.floor(wholeMs / 1000) * 1000
    return void send({ trimStartMs: start === 0 ? null : start, trimEndMs: isToEnd ? null : end })
  }
  return (
    <form
      class="replay-editor"
      aria-label={t('trim')}
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <p class="muted">{t('trimLead')}</p>
      <div class="replay-ends">
        <div>
          <Field name="from" label={t('trimFrom')} value={from} onValue={setFrom} />
          <Button look="plain" onClick={() => setFrom(here)}>
            {t('beginHere', { at: here })}
          </Button>
        </div>
        <div>
          <Field name="until" label={t('trimUntil')} value={until} onValue={setUntil} />
          <Button look="plain" onClick={() => setUntil(here)}>
            {t('endHere', { at: here })}
          </Button>
        </div>
      </div>
      {fault && <Notice tone="bad">{fault}</Notice>}
      <div class="row">
        <Button type="submit" look="main" isBusy={isBusy}>
          {t('saveTrim')}
        </Button>
        {replay.trim && (
          <Button icon="undo" onClick={() => void send({ trimStartMs: null, trimEndMs: null })}>
            {t('showAll')}
          </Button>
        )}
        <Button look="plain" onClick={onClose}>
          {t('close')}
        </Button>
      </div>
    </form>
  )
}

/** The cut in words. */
export const told = ({ startMs, endMs, wholeMs }: NonNullable<Replay['trim']>) => ({
  from: formatClock(startMs),
  until: formatClock(endMs),
  whole: formatClock(wholeMs),
})
