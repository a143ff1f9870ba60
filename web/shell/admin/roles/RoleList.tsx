import { admin } from '#contract'
import { call } from '../../../sdk/call.ts'
import { confirmByName } from '../../../sdk/confirm.ts'
import { formatNumber } from '../../../sdk/format.ts'
import { Link } from '../../../sdk/link.tsx'
import { type Translate, useTexts } from '../../../sdk/texts.ts'
import { Button } from '../../../ui/button.tsx'
import { Switch } from '../../../ui/switch.tsx'
import { type Column, Table } from '../../../ui/table.tsx'
import { act } from '../act.ts'
import { asksSecondFactor, type Edits } from './edits.ts'
import { roleTexts } from './texts.ts'
import { roleTitle } from './words.ts'

type T = Translate<(typeof roleTexts)['en']>

interface RoleListProps {
  roles: readonly admin.RoleView[]
  edits: Edits
  canEdit: boolean
  onSwitch(role: string, isOn: boolean): void
  onRemoved(): void
}

function columnsOf(
  t: T,
  { roles, edits, canEdit, onSwitch }: RoleListProps,
  remove: (role: admin.RoleView) => void,
): Column<admin.RoleView>[] {
  const columns: Column<admin.RoleView>[] = [
    {
      key: 'role',
      label: t('role'),
      cell: ({ name }) => (
        <>
          <b>{roleTitle(name, roles)}</b> <code class="muted">{name}</code>
        </>
      ),
    },
    {
      key: 'accounts',
      label: t('accounts'),
      cell: ({ name, accounts }) => (
        <Link href={`/admin/members?role=${name}`}>{formatNumber(accounts)}</Link>
      ),
    },
    {
      key: 'twoFactors',
      label: t('twoFactors'),
      cell: (role) =>
        canEdit ? (
          <Switch
            label={t('twoFactorsOf', { role: roleTitle(role.name, roles) })}
            isOn={asksSecondFactor(edits, role)}
            onSwitch={(isOn) => onSwitch(role.name, isOn)}
          />
        ) : (
          t(role.needsSecondFactor ? 'yes' : 'no')
        ),
    },
  ]
  if (!canEdit || roles.every(({ isBuiltIn }) => isBuiltIn)) return columns
  const actions: Column<admin.RoleView> = {
    key: 'actions',
    label: t('actions'),
    cell: (role) => !role.isBuiltIn && <Button onClick={() => remove(role)}>{t('remove')}</Button>,
  }
  return [...columns, actions]
}

/** Every role with how many have it and whether it asks for two factors; the label's own ones can be removed. */
export function RoleList(props: RoleListProps) {
  const t = useTexts(roleTexts)
  const { roles } = props
  const remove = async ({ name, accounts }: admin.RoleView) => {
    const role = roleTitle(name, roles)
    const text = accounts === 0 ? t('removeNone') : t('removeText', { count: accounts })
    const question = { title: t('removeTitle', { role }), text, action: t('remove'), name }
    if (!(await confirmByName(question))) return
    if (await act(() => call(admin.removeRole, { params: { name } }), t('removed', { role })))
      props.onRemoved()
  }
  return (
    <div class="role-list">
      <Table
        caption={t('roles')}
        columns={columnsOf(t, props, (role) => void remove(role))}
        rows={roles}
        keyOf={({ name }) => name}
      />
    </div>
  )
}
