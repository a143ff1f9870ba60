import type { admin } from '#contract'
import { can, me } from '../../../sdk/session.ts'
import { type Translate, useTexts } from '../../../sdk/texts.ts'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { mayGive } from '../roles/edits.ts'
import { permissionTitle, roleTitle } from '../roles/words.ts'
import { memberTexts } from './texts.ts'
import './members.css'

type T = Translate<(typeof memberTexts)['en']>

function hintOf(t: T, role: admin.RoleView, permissions: readonly admin.PermissionView[]): string {
  if (role.name === 'owner') return t('mayAll')
  const titles = permissions.filter(({ name }) => role.permissions.includes(name)).map(permissionTitle)
  return titles.length === 0 ? t('mayNothing') : t('mayDo', { list: titles.join('; ') })
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
