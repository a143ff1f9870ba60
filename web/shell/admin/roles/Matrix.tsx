import type { admin } from '#contract'
import { can } from '../../../sdk/session.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { byOwner, type Edits, isTicked } from './edits.ts'
import { roleTexts } from './texts.ts'
import { ownerTitle, permissionTitle, roleTitle } from './words.ts'

export interface MatrixProps {
  roles: readonly admin.RoleView[]
  permissions: readonly admin.PermissionView[]
  edits: Edits
  canEdit: boolean
  onTick(role: string, permission: string, isOn: boolean): void
}

function Row({ permission, props }: { permission: admin.PermissionView; props: MatrixProps }) {
  const t = useTexts(roleTexts)
  const { roles, edits, canEdit, onTick } = props
  const title = permissionTitle(permission)
  const isMine = can(permission.name)
  return (
    <tr>
      <th scope="row" title={canEdit && !isMine ? t('notYours') : permission.name}>
        {title}
      </th>
      {roles.map((role) => {
        const isOn = isTicked(edits, role, permission.name)
        const isOther = role.name !== 'owner' && isOn !== role.permissions.includes(permission.name)
        return (
          <td key={role.name} class={isOther ? 'is-changed' : undefined}>
            <label>
              <input
                type="checkbox"
                checked={isOn}
                disabled={!canEdit || !isMine || role.name === 'owner'}
                aria-label={t('cell', { role: roleTitle(role.name, roles), permission: title })}
                onChange={(event) => onTick(role.name, permission.name, event.currentTarget.checked)}
              />
            </label>
          </td>
        )
      })}
    </tr>
  )
}

/** Roles across, permissions down: names stay in sight while one scrolls. */
export function Matrix(props: MatrixProps) {
  const t = useTexts(roleTexts)
  const { roles, permissions } = props
  return (
    <section class="matrix-part">
      <h2>{t('matrix')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it */}
      <section class="matrix-box" tabIndex={0} aria-label={t('matrix')}>
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">{t('permission')}</th>
              {roles.map(({ name }) => (
                <th key={name} scope="col" title={name === 'owner' ? t('ownerAll') : undefined}>
                  {roleTitle(name, roles)}
                </th>
              ))}
            </tr>
          </thead>
          {byOwner(permissions).map(({ owner, permissions: own }) => (
            <tbody key={owner}>
              <tr class="matrix-owner">
                <th scope="rowgroup" colSpan={roles.length + 1}>
                  <span>{ownerTitle(owner)}</span>
                </th>
              </tr>
              {own.map((permission) => (
                <Row key={permission.name} permission={permission} props={props} />
              ))}
            </tbody>
          ))}
        </table>
      </section>
    </section>
  )
}
