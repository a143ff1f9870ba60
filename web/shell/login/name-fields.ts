import type { Translate } from '../../sdk/texts.ts'
import type { FormField } from '../../ui/form.tsx'
import type { nameTexts } from './name-texts.ts'

type T = Translate<(typeof nameTexts)['en']>
const NAME = /^[a-z0-9][a-z0-9_-]{0,28}[a-z0-9]$/

/** Capitals are taken for small letters: only those are kept. */
export const toUsername = (typed: string) => typed.trim().toLowerCase()

export function usernameField(t: T): FormField<'username'> {
  return {
    name: 'username',
    label: t('username'),
    hint: t('usernameHint'),
    autocomplete: 'username',
    maxLength: 30,
    check: (value) => (NAME.test(toUsername(value)) ? undefined : t('usernameWrong')),
  }
}

export function emailField(t: T, label = t('email')): FormField<'email'> {
  return {
    name: 'email',
    label,
    type: 'email',
    autocomplete: 'email',
    maxLength: 254,
    check: (value) => (/^\S+@\S+\.\S+$/.test(value.trim()) ? undefined : t('emailWrong')),
  }
}

export function displayNameField(t: T): FormField<'displayName'> {
  return {
    name: 'displayName',
    label: t('displayName'),
    hint: t('displayNameHint'),
    autocomplete: 'nickname',
    maxLength: 60,
    isOptional: true,
  }
}
