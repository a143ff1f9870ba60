import type { Translate } from '../../sdk/texts.ts'
import type { FormField } from '../../ui/form.tsx'
import type { passwordTexts } from './password-texts.ts'
import { StrengthMeter } from './StrengthMeter.tsx'

interface Wish<Name extends string> {
  name: Name
  t: Translate<(typeof passwordTexts)['en']>
  label?: string
  /** What is easy to guess here: name and address. */
  about?(values: Readonly<Record<string, string>>): (string | undefined)[]
}

/** The field of a form for a password to be set, with its meter. */
export function newPasswordField<Name extends string>({
  name,
  t,
  label,
  about,
}: Wish<Name>): FormField<Name> {
  return {
    name,
    label: label ?? t('password'),
    hint: t('hint'),
    type: 'password',
    autocomplete: 'new-password',
    maxLength: 256,
    check: (value) => (value.length < 10 ? t('tooShort') : undefined),
    below: (values) => (
      <StrengthMeter
        password={values[name]}
        about={about?.(values).filter((word) => word !== undefined) ?? []}
      />
    ),
  }
}
