import { useRef, useState } from 'preact/hooks'
import { asProblem, Button, Checkbox, call, Field, LinkRows, Notice, TagsField, useTexts } from '#web'
import { type Artist, updateArtist } from '../../contract.ts'
import { artistTexts } from '../texts.ts'

/** The words of an artist's page; its address and whether it is listed only for who may manage artists. */
export function ArtistForm({ artist, onSaved }: { artist: Artist; onSaved(saved: Artist): void }) {
  const t = useTexts(artistTexts)
  const form = useRef<HTMLFormElement>(null)
  const { slug, name, bio, place, genres, links, isListed, can } = artist
  const [values, setValues] = useState({ slug, name, bio, place, genres, links, isListed })
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [message, setMessage] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const set = (part: Partial<typeof values>) => setValues((before) => ({ ...before, ...part }))
  const send = async (event: Event) => {
    event.preventDefault()
    setBusy(true)
    setErrors({})
    setMessage(null)
    const { slug: address, isListed: listed, ...words } = values
    const body = { ...words, links: words.links.filter((link) => link.label || link.url) }
    const more = can.manage ? { slug: address, isListed: listed } : {}
    try {
      onSaved(await call(updateArtist, { params: { slug }, body: { ...body, ...more } }))
    } catch (error) {
      const problem = asProblem(error)
      setErrors(problem.fields)
      setMessage(problem.message)
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
    } finally {
      setBusy(false)
    }
  }
  return (
    <form ref={form} class="form" onSubmit={send} noValidate>
      <Field
        name="name"
        label={t('name')}
        value={values.name}
        maxLength={80}
        error={errors.name}
        onValue={(text) => set({ name: text })}
      />
      <Field
        name="bio"
        label={t('bio')}
        hint={t('bioHint')}
        type="textarea"
        maxLength={5000}
        isOptional
        value={values.bio}
        error={errors.bio}
        onValue={(text) => set({ bio: text })}
      />
      <TagsField
        label={t('genres')}
        values={values.genres}
        most={10}
        error={errors.genres}
        onValues={(words) => set({ genres: words })}
      />
      <Field
        name="place"
        label={t('place')}
        maxLength={80}
        isOptional
        value={values.place}
        error={errors.place}
        onValue={(text) => set({ place: text })}
      />
      <LinkRows
        legend={t('links')}
        links={values.links}
        most={12}
        errors={errors}
        onLinks={(rows) => set({ links: rows })}
      />
      {can.manage && (
        <>
          <Field
            name="slug"
            label={t('slug')}
            hint={t('slugHint')}
            maxLength={40}
            value={values.slug}
            error={errors.slug}
            onValue={(text) => set({ slug: text })}
          />
          <Checkbox isOn={values.isListed} hint={t('listedHint')} onCheck={(isOn) => set({ isListed: isOn })}>
            {t('listed')}
          </Checkbox>
        </>
      )}
      <div role="alert">{message && <Notice tone="bad">{message}</Notice>}</div>
      <div class="row">
        <Button look="main" type="submit" isBusy={isBusy}>
          {t('save')}
        </Button>
      </div>
    </form>
  )
}
