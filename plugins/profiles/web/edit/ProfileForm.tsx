import { useRef, useState } from 'preact/hooks'
import { asProblem, Button, Checkbox, Field, type LinkRow, LinkRows, Notice, TagsField, useTexts } from '#web'
import { bioLimit, type MyProfile, type Section, type Visibility } from '../../contract.ts'
import { profileTexts } from '../texts.ts'
import { BioField } from './BioField.tsx'

export interface ProfileValues {
  displayName: string
  bio: string
  place: string
  genres: string[]
  instruments: string[]
  roles: string[]
  links: LinkRow[]
  visibility: Visibility
  hidden: Section[]
}

const visibilities: Visibility[] = ['public', 'members', 'private']
const sections: Section[] = ['bio', 'place', 'genres', 'instruments', 'roles', 'links', 'badges', 'joined']

interface ProfileFormProps {
  profile: MyProfile
  /** Saves; what it refuses is shown at its field. */
  onSave(values: ProfileValues): Promise<void>
}

/** Everything about oneself that is words. Nothing typed is lost when the server refuses. */
export function ProfileForm({ profile, onSave }: ProfileFormProps) {
  const t = useTexts(profileTexts)
  const form = useRef<HTMLFormElement>(null)
  const [values, setValues] = useState<ProfileValues>(() => valuesOf(profile))
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [message, setMessage] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const set = (part: Partial<ProfileValues>) => setValues((before) => ({ ...before, ...part }))
  const send = async (event: Event) => {
    event.preventDefault()
    setBusy(true)
    setErrors({})
    setMessage(null)
    try {
      // Rows that were added and left empty mean nothing.
      await onSave({ ...values, links: values.links.filter(({ label, url }) => label || url) })
    } catch (error) {
      const problem = asProblem(error)
      setErrors(problem.fields)
      setMessage(problem.message)
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus())
    } finally {
      setBusy(false)
    }
  }
  const tags = (name: 'genres' | 'instruments' | 'roles', most: number, hint?: string) => (
    <TagsField
      label={t(name)}
      {...(hint ? { hint } : {})}
      values={values[name]}
      most={most}
      error={errorOf(errors, name)}
      onValues={(words) => set({ [name]: words })}
    />
  )
  return (
    <form ref={form} class="form" onSubmit={send} noValidate>
      <Field
        name="displayName"
        label={t('displayName')}
        value={values.displayName}
        maxLength={60}
        autocomplete="nickname"
        error={errors.displayName}
        onValue={(displayName) => set({ displayName })}
      />
      <BioField value={values.bio} limit={bioLimit} error={errors.bio} onValue={(bio) => set({ bio })} />
      {tags('roles', 5, t('rolesHint'))}
      {tags('genres', 10)}
      {tags('instruments', 10)}
      <Field
        name="place"
        label={t('place')}
        hint={t('placeHint')}
        value={values.place}
        maxLength={80}
        isOptional
        error={errors.place}
        onValue={(place) => set({ place })}
      />
      <LinkRows
        legend={t('links')}
        links={values.links}
        most={12}
        errors={errors}
        onLinks={(links) => set({ links })}
      />
      <Field
        name="visibility"
        label={t('visibility')}
        type="select"
        options={visibilities.map((value) => ({ value, label: t(`visibility-${value}`) }))}
        value={values.visibility}
        onValue={(value) => set({ visibility: value as Visibility })}
      />
      <fieldset class="profile-hidden">
        <legend>{t('hidden')}</legend>
        <p class="field-hint">{t('hiddenHint')}</p>
        <div class="profile-sections">
          {sections.map((section) => (
            <Checkbox
              key={section}
              isOn={values.hidden.includes(section)}
              onCheck={(isOn) =>
                set({
                  hidden: isOn ? [...values.hidden, section] : values.hidden.filter((one) => one !== section),
                })
              }
            >
              {t(`section-${section}`)}
            </Checkbox>
          ))}
        </div>
      </fieldset>
      <div role="alert">{message && <Notice tone="bad">{message}</Notice>}</div>
      <div class="row">
        <Button look="main" type="submit" isBusy={isBusy}>
          {t('save')}
        </Button>
      </div>
    </form>
  )
}

const valuesOf = (profile: MyProfile): ProfileValues => ({
  displayName: profile.displayName,
  bio: profile.bio,
  place: profile.place,
  genres: profile.genres,
  instruments: profile.instruments,
  roles: profile.roles,
  links: profile.links,
  visibility: profile.visibility,
  hidden: profile.hidden,
})

/** A list's own error, or that of one of its words. */
const errorOf = (errors: Record<string, string>, name: string): string | undefined =>
  errors[name] ?? Object.entries(errors).find(([field]) => field.startsWith(`${name}.`))?.[1]
