import type { admin } from '#contract'
import type { Translate } from '../../../sdk/texts.ts'
import type { FormField } from '../../../ui/form.tsx'
import type { settingsTexts } from './texts.ts'

type T = Translate<(typeof settingsTexts)['en']>
export type SettingsName = keyof admin.SiteSettings
type Values = Record<SettingsName, string>

const MODES = ['open', 'invitation', 'closed'] as const

/** Settings as a form holds them: everything is text. */
export function asValues(settings: admin.SiteSettings): Values {
  const { needsVerifiedEmail, keepAuditDays, keepMailDays, ...texts } = settings
  return {
    ...texts,
    needsVerifiedEmail: needsVerifiedEmail ? 'yes' : 'no',
    keepAuditDays: String(keepAuditDays),
    keepMailDays: String(keepMailDays),
  }
}

/** What a form holds as settings. */
export function asSettings(values: Values): admin.SiteSettings {
  return {
    ...values,
    securityContact: values.securityContact.trim(),
    registration: MODES.find((mode) => mode === values.registration) ?? 'closed',
    needsVerifiedEmail: values.needsVerifiedEmail === 'yes',
    keepAuditDays: Number(values.keepAuditDays),
    keepMailDays: Number(values.keepMailDays),
  }
}

/** Only what differs, so that the log tells what was changed, and nobody's other change is undone. */
export function changesOf(
  before: admin.SiteSettings,
  after: admin.SiteSettings,
): Partial<admin.SiteSettings> {
  const names = Object.keys(after) as SettingsName[]
  return Object.fromEntries(
    names.filter((name) => after[name] !== before[name]).map((name) => [name, after[name]]),
  )
}

/** The fields in their parts: label, joining, legal texts, safety. */
export function settingsFields(t: T): FormField<SettingsName>[] {
  const wholeNumber = (value: string) => (/^\d+$/.test(value.trim()) ? undefined : t('notANumber'))
  return [
    { name: 'title', heading: t('look'), label: t('labelName'), maxLength: 80 },
    {
      name: 'description',
      label: t('description'),
      hint: t('descriptionHint'),
      type: 'textarea',
      maxLength: 300,
      isOptional: true,
    },
    { name: 'accent', label: t('colour'), hint: t('colourHint'), type: 'color' },
    {
      name: 'registration',
      heading: t('joining'),
      label: t('registration'),
      type: 'select',
      options: MODES.map((value) => ({ value, label: t(`registration-${value}`) })),
    },
    {
      name: 'needsVerifiedEmail',
      label: t('verified'),
      hint: t('verifiedHint'),
      type: 'select',
      options: (['no', 'yes'] as const).map((value) => ({ value, label: t(`verified-${value}`) })),
    },
    {
      name: 'terms',
      heading: t('legal'),
      label: t('terms'),
      hint: t('termsHint'),
      type: 'textarea',
      rows: 8,
      maxLength: 50_000,
      isOptional: true,
    },
    {
      name: 'privacy',
      label: t('privacy'),
      hint: t('privacyHint'),
      type: 'textarea',
      rows: 8,
      maxLength: 50_000,
      isOptional: true,
    },
    {
      name: 'securityContact',
      heading: t('safety'),
      label: t('security'),
      hint: t('securityHint'),
      maxLength: 300,
      isOptional: true,
    },
    {
      name: 'keepAuditDays',
      label: t('auditDays'),
      hint: t('auditDaysHint'),
      inputMode: 'numeric',
      check: wholeNumber,
    },
    {
      name: 'keepMailDays',
      label: t('mailDays'),
      hint: t('mailDaysHint'),
      inputMode: 'numeric',
      check: wholeNumber,
    },
  ]
}
