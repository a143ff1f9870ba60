import type { admin } from '#contract'
import { language } from '../../../sdk/language.ts'
import { can, me } from '../../../sdk/session.ts'
import { type Translate, useTexts } from '../../../sdk/texts.ts'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { mayGive } from '../roles/edits.ts'
import { permissionTitle, roleTitle } from '../roles/words.ts'
import { memberTexts } from './texts.ts'
import './members.css'

type T = Translate<(typeof memberTexts)['en']>

/** The matrix of roles shows all of them. */
const shownTitles = 4

function hintOf(t: T, role: admin.RoleView, permissions: readonly admin.PermissionView[]): string {
  if (role.name === 'owner') return t('mayAll')
  const titles = permissions.filter(({ name }) => role.permissions.includes(name)).map(permissionTitle)
  if (titles.length === 0) return t('mayNothing')
  const separator = language.value === 'fr' ? '\u00a0; ' : '; '
  const list = (most: number) => titles.slice(0, most).join(separator)
  const count = titles.length - shownTitles
  return count > 1
    ? t('mayDoMore', { list: list(shownTitles), count })
    : t('mayDo', { list: list(titles.length) })
}

interface RoleChoiceProps {
  roles: readonly admin.RoleView[]
  permissions: readonly admin.PermissionView[]
  chosen: readonly string[]
  onChange(chosen: string[]): void
  isDisabled?: boolean
}

/** The roles somebody has, each with what it lets them do; those above the reader cannot be touched. */
export function RoleChoice({ roles, permissions, chosen, onChange, isDisabled }: RoleChoiceProps) {
  const t = useTexts(memberTexts)
  const mine = me.value?.permissions ?? []
  const isOwner = me.value?.roles.includes('owner') && can('identity.manage-accounts')
  return (
    <fieldset class="role-choice">
      <legend class="hidden-text">{t('roles')}</legend>
      {roles.map((role) => {
        const isAbove = role.name === 'owner' ? !isOwner : !mayGive(role, mine)
        return (
          <Checkbox
            key={role.name}
            isOn={chosen.includes(role.name)}
            isDisabled={isDisabled || isAbove}
            hint={isAbove && !isDisabled ? t('aboveYou') : hintOf(t, role, permissions)}
            onCheck={(isOn) =>
              onChange(isOn ? [...chosen, role.name] : chosen.filter((name) => name !== role.name))
            }
          >
            <b>{roleTitle(role.name, roles)}</b>
          </Checkbox>
        )
      })}
    </fieldset>
  )
}
