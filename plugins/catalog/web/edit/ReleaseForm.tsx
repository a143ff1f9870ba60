import { useState } from 'preact/hooks'
import { Button, Checkbox, call, Field, Notice, TagsField, toast, useTexts } from '#web'
import {
  type CreditInput,
  type Release,
  type ReleaseChange,
  type ReleaseKind,
  updateRelease,
} from '../../contract.ts'
import { CreditRows, withoutEmpty } from './CreditRows.tsx'
import { editTexts } from './texts.ts'
import { useSaving } from './use-saving.ts'

type Values = ReturnType<typeof valuesOf>
type TextName = Exclude<keyof Values, 'credits' | 'tags' | 'isDownloadable'>

const kinds = [
  'album',
  'ep',
  'single',
  'compilation',
  'mix',
  'live',
] as const satisfies readonly ReleaseKind[]

const valuesOf = (release: Release) => ({
  title: release.title,
  kind: release.kind as string,
  releaseDate: release.releaseDate ?? '',
  genre: release.genre,
  label: release.label,
  catalogNumber: release.catalogNumber,
  upc: release.upc ?? '',
  pLine: release.pLine,
  cLine: release.cLine,
  licence: release.licence,
  slug: release.slug,
  description: release.description,
  tags: release.tags,
  isDownloadable: release.isDownloadable,
  credits: release.credits.map(({ name, role }): CreditInput => ({ name, role })),
})

/** The words and numbers of a release. */
export function ReleaseForm({ release, onSaved }: { release: Release; onSaved(release: Release): void }) {
  const t = useTexts(editTexts)
  const [values, setValues] = useState(() => valuesOf(release))
  const { isBusy, errors, message, save } = useSaving()
  const set = (part: Partial<Values>) => setValues((before) => ({ ...before, ...part }))
  const text = (name: TextName, maxLength: number, hint?: string) => (
    <Field
      name={name}
      label={t(name)}
      value={values[name]}
      maxLength={maxLength}
      hint={hint}
      isOptional={name !== 'title' && name !== 'slug'}
      error={errors[name]}
      onValue={(value) => set({ [name]: value })}
    />
  )
  const send = (event: Event) => {
    event.preventDefault()
    void save(async () => {
      const saved = await call(updateRelease, { params: { slug: release.slug }, body: changeOf(values) })
      setValues(valuesOf(saved))
      toast(t('saved'))
      onSaved(saved)
    })
  }
  return (
    <form class="form edit-form" onSubmit={send} noValidate>
      {text('title', 200)}
      <CreditRows credits={values.credits} error={errors.credits} onCredits={(credits) => set({ credits })} />
      <div class="edit-columns">
        <Field
          name="kind"
          label={t('kind')}
          type="select"
          value={values.kind}
          options={kinds.map((kind) => ({ value: kind, label: t(`kind-${kind}`) }))}
          onValue={(kind) => set({ kind })}
        />
        {text('releaseDate', 10, t('dateHint'))}
        {text('genre', 60)}
        {text('label', 120)}
        {text('catalogNumber', 40)}
        {text('upc', 20)}
        {text('pLine', 200)}
        {text('cLine', 200)}
        {text('licence', 80, t('licenceHint'))}
        {text('slug', 40, t('slugHint'))}
      </div>
      <TagsField
        label={t('tags')}
        values={values.tags}
        most={20}
        error={errors.tags}
        onValues={(tags) => set({ tags })}
      />
      <Field
        name="description"
        label={t('description')}
        hint={t('descriptionHint')}
        type="textarea"
        rows={6}
        maxLength={10_000}
        isOptional
        value={values.description}
        error={errors.description}
        onValue={(description) => set({ description })}
      />
      <Checkbox
        isOn={values.isDownloadable}
        hint={t('downloadableHint')}
        onCheck={(isDownloadable) => set({ isDownloadable })}
      >
        {t('downloadable')}
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

function changeOf(values: Values): ReleaseChange {
  return {
    ...values,
    kind: kinds.find((kind) => kind === values.kind) ?? 'album',
    releaseDate: values.releaseDate.trim() || null,
    upc: values.upc.trim() || null,
    credits: withoutEmpty(values.credits),
  }
}
