import { useState } from 'preact/hooks'
import { Button, Checkbox, call, Field, Notice, QueryView, TagsField, toast, useQuery, useTexts } from '#web'
import {
  type CreditInput,
  getTrack,
  type TrackChange,
  type TrackInFull,
  updateTrack,
} from '../../contract.ts'
import { CreditRows, withoutEmpty } from './CreditRows.tsx'
import { editTexts } from './texts.ts'
import { useSaving } from './use-saving.ts'

type Values = ReturnType<typeof valuesOf>
type TextName = Exclude<keyof Values, 'credits' | 'tags' | 'isExplicit'>

const valuesOf = (track: TrackInFull) => ({
  title: track.title,
  genre: track.genre,
  bpm: track.bpm === null ? '' : String(track.bpm),
  key: track.key ?? '',
  isrc: track.isrc ?? '',
  language: track.language,
  licence: track.licence,
  lyrics: track.lyrics,
  syncedLyrics: track.syncedLyrics,
  tags: track.tags,
  isExplicit: track.isExplicit,
  credits: track.credits.map(({ name, role }): CreditInput => ({ name, role })),
})

/** All that is said of one track. */
export function TrackForm({ id, onSaved }: { id: string; onSaved(): void }) {
  const query = useQuery(getTrack, { params: { id } })
  return (
    <QueryView query={query}>
      {(track) => (
        <Loaded
          key={track.id}
          track={track}
          onSaved={(saved) => {
            query.set(saved)
            onSaved()
          }}
        />
      )}
    </QueryView>
  )
}

function Loaded({ track, onSaved }: { track: TrackInFull; onSaved(saved: TrackInFull): void }) {
  const t = useTexts(editTexts)
  const [values, setValues] = useState(() => valuesOf(track))
  const { isBusy, errors, message, save } = useSaving()
  const set = (part: Partial<Values>) => setValues((before) => ({ ...before, ...part }))
  const text = (name: TextName, maxLength: number, rows?: number) => (
    <Field
      name={name}
      label={t(name)}
      value={values[name]}
      maxLength={maxLength}
      {...(rows ? { type: 'textarea' as const, rows } : {})}
      isOptional={name !== 'title'}
      error={errors[name]}
      onValue={(value) => set({ [name]: value })}
    />
  )
  const send = (event: Event) => {
    event.preventDefault()
    void save(async () => {
      onSaved(await call(updateTrack, { params: { id: track.id }, body: changeOf(values) }))
      toast(t('saved'))
    })
  }
  return (
    <form class="form edit-form" onSubmit={send} noValidate>
      {text('title', 200)}
      <CreditRows credits={values.credits} error={errors.credits} onCredits={(credits) => set({ credits })} />
      <div class="edit-columns">
        {text('genre', 60)}
        {text('bpm', 6)}
        {text('key', 3)}
        {text('isrc', 16)}
        {text('language', 35)}
        {text('licence', 80)}
      </div>
      <TagsField
        label={t('tags')}
        values={values.tags}
        most={20}
        error={errors.tags}
        onValues={(tags) => set({ tags })}
      />
      {text('lyrics', 20_000, 5)}
      {text('syncedLyrics', 40_000, 4)}
      <Checkbox isOn={values.isExplicit} onCheck={(isExplicit) => set({ isExplicit })}>
        {t('explicit')}
      </Checkbox>
      <div role="alert">{message && <Notice tone="bad">{message}</Notice>}</div>
      <div class="row">
        <Button look="main" type="submit" isBusy={isBusy}>
          {t('save')}
        </Button>
      </div>
    </form>
  )
}

function changeOf(values: Values): TrackChange {
  const bpm = Number(values.bpm.replace(',', '.'))
  return {
    ...values,
    // What is no number is sent as it is refused: with a sentence at the field.
    bpm: values.bpm.trim() === '' ? null : Number.isFinite(bpm) ? bpm : -1,
    key: values.key.trim() || null,
    isrc: values.isrc.trim() || null,
    credits: withoutEmpty(values.credits),
  }
}
