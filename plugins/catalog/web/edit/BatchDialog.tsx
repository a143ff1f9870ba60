import { useState } from 'preact/hooks'
import { Button, call, Dialog, Field, Notice, TagsField, toast, useTexts } from '#web'
import { type CreditInput, type Track, type TrackChange, updateTracks } from '../../contract.ts'
import { CreditRows, withoutEmpty } from './CreditRows.tsx'
import { editTexts } from './texts.ts'
import { useSaving } from './use-saving.ts'

interface BatchDialogProps {
  tracks: readonly Track[]
  onClose(): void
  /** Puts these tracks on another disc. */
  onDisc(discNumber: number): Promise<void>
  onSaved(): void
}

const texts = ['genre', 'licence', 'language'] as const

/** One change for several tracks; what is left empty stays as it is on each. */
export function BatchDialog({ tracks, onClose, onDisc, onSaved }: BatchDialogProps) {
  const t = useTexts(editTexts)
  const [values, setValues] = useState({ genre: '', licence: '', language: '', isExplicit: '' })
  const [disc, setDisc] = useState('')
  const [tags, setTags] = useState<string[]>([])
  const [credits, setCredits] = useState<CreditInput[]>([])
  const { isBusy, errors, message, save } = useSaving()
  const change = changeOf(values, tags, withoutEmpty(credits))
  const isChange = Object.keys(change).length > 0
  const discNumber = /^[1-9]\d?$/.test(disc.trim()) ? Number(disc) : null
  const isWrong = disc.trim() !== '' && discNumber === null
  const send = (event: Event) => {
    event.preventDefault()
    void save(async () => {
      if (isChange) await call(updateTracks, { body: { ids: tracks.map(({ id }) => id), change } })
      if (discNumber) await onDisc(discNumber)
      toast(t('batchSaved', { count: tracks.length }))
      onSaved()
    })
  }
  return (
    <Dialog title={t('batchTitle', { count: tracks.length })} isOpen onClose={onClose}>
      <form class="form" onSubmit={send} noValidate>
        <p class="muted">{t('batchText')}</p>
        {texts.map((name) => (
          <Field
            key={name}
            name={name}
            label={t(name)}
            value={values[name]}
            maxLength={60}
            isOptional
            error={errors[name]}
            onValue={(value) => setValues({ ...values, [name]: value })}
          />
        ))}
        <Field
          name="isExplicit"
          label={t('explicit')}
          type="select"
          value={values.isExplicit}
          options={[
            { value: '', label: t('asItIs') },
            { value: 'yes', label: t('yes') },
            { value: 'no', label: t('no') },
          ]}
          onValue={(isExplicit) => setValues({ ...values, isExplicit })}
        />
        <Field
          name="disc"
          label={t('disc')}
          hint={t('discHint')}
          value={disc}
          maxLength={2}
          isOptional
          error={isWrong ? t('discWrong') : undefined}
          onValue={setDisc}
        />
        <TagsField label={t('tags')} values={tags} most={20} error={errors.tags} onValues={setTags} />
        <CreditRows credits={credits} error={errors.credits} onCredits={setCredits} />
        <div role="alert">{message && <Notice tone="bad">{message}</Notice>}</div>
        <div class="row">
          <Button
            look="main"
            type="submit"
            isBusy={isBusy}
            disabled={isWrong || (!isChange && discNumber === null)}
          >
            {t('save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function changeOf(
  values: { genre: string; licence: string; language: string; isExplicit: string },
  tags: string[],
  credits: CreditInput[],
): TrackChange {
  const words = Object.fromEntries(
    texts.flatMap((name) => (values[name].trim() ? [[name, values[name].trim()]] : [])),
  ) as TrackChange
  return {
    ...words,
    ...(values.isExplicit && { isExplicit: values.isExplicit === 'yes' }),
    ...(tags.length > 0 && { tags }),
    ...(credits.length > 0 && { credits }),
  }
}
