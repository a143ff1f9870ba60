import { identity } from '#contract'
import { call } from '../../../sdk/call.ts'
import { LANGUAGES, setLanguage } from '../../../sdk/language.ts'
import { setMe } from '../../../sdk/session.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { setTheme, THEMES } from '../../../sdk/theme.ts'
import { toast } from '../../../sdk/toast.ts'
import { Card } from '../../../ui/card.tsx'
import { Form } from '../../../ui/form.tsx'
import { nameTexts } from '../../login/name-texts.ts'
import { accountTexts } from '../texts.ts'
import { generalTexts } from './texts.ts'

/** As the device has it: nothing is kept. */
const device = 'device'
const languages = [
  { value: 'en', label: 'English' },
  { value: 'fr', label: 'Français' },
]

/** Every zone this browser knows; where it does not say, those of the account and the device. */
function zones(own: string | null): string[] {
  const known = Intl.supportedValuesOf?.('timeZone') ?? []
  return own && !known.includes(own) ? [own, ...known] : known
}

/** Shown name, language, time zone and theme. */
export function LookCard({ account }: { account: identity.Me }) {
  const t = useTexts(generalTexts)
  const names = useTexts(nameTexts)
  const words = useTexts(accountTexts)
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const { displayName, language, timeZone, theme } = account
  return (
    <Card title={t('look')} lead={t('lookLead')}>
      <Form
        initial={{
          displayName,
          language: language ?? device,
          timeZone: timeZone ?? device,
          theme: theme ?? 'system',
        }}
        fields={[
          {
            name: 'displayName',
            label: names('displayName'),
            hint: names('displayNameHint'),
            autocomplete: 'nickname',
            maxLength: 60,
          },
          {
            name: 'language',
            label: t('language'),
            hint: t('languageHint'),
            type: 'select',
            options: [{ value: device, label: t('asDevice') }, ...languages],
          },
          {
            name: 'timeZone',
            label: t('timeZone'),
            type: 'select',
            options: [
              { value: device, label: t('zoneOfDevice', { zone }) },
              ...zones(timeZone).map((value) => ({ value, label: value.replaceAll('_', ' ') })),
            ],
          },
          {
            name: 'theme',
            label: t('theme'),
            type: 'select',
            options: THEMES.map((value) => ({ value, label: t(`theme-${value}`) })),
          },
        ]}
        submit={words('save')}
        onSubmit={async (values) => {
          const chosen = THEMES.find((name) => name === values.theme) ?? 'system'
          const spoken = LANGUAGES.find((name) => name === values.language) ?? null
          const body = {
            displayName: values.displayName.trim(),
            language: spoken,
            timeZone: values.timeZone === device ? null : values.timeZone,
            theme: chosen,
          }
          setMe(await call(identity.updateMe, { body }))
          setTheme(chosen)
          if (spoken) setLanguage(spoken)
          toast(words('saved'))
        }}
      />
    </Card>
  )
}
