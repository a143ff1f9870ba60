import { LANGUAGES, type Language, language } from '../sdk/language.ts'
import { keepLook } from '../sdk/session.ts'
import { useTexts } from '../sdk/texts.ts'
import { THEMES, theme } from '../sdk/theme.ts'
import { Icon, type IconName } from '../ui/icons.tsx'
import { Menu } from '../ui/menu.tsx'
import { shellTexts } from './texts.ts'

const names: Record<Language, string> = { en: 'English', fr: 'Français' }
const icons: Record<(typeof THEMES)[number], IconName> = { system: 'system', light: 'sun', dark: 'moon' }

/** Theme and language, for members and visitors alike. */
export function LookMenu() {
  const t = useTexts(shellTexts)
  const themes = THEMES.map((name) => ({
    label: t(`theme-${name}`),
    icon: icons[name],
    isOn: theme.value === name,
    onPick: () => keepLook({ theme: name }),
  }))
  const languages = LANGUAGES.map((name) => ({
    label: names[name],
    isOn: language.value === name,
    onPick: () => keepLook({ language: name }),
  }))
  const groups = [
    { title: t('theme'), items: themes },
    { title: t('language'), items: languages },
  ]
  return (
    <Menu label={t('look')} groups={groups}>
      <Icon name={icons[theme.value]} />
    </Menu>
  )
}
