import { useState } from 'preact/hooks'
import { can } from '../../../sdk/session.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { Field } from '../../../ui/field.tsx'
import { byOwner, isTicked } from './edits.ts'
import type { MatrixProps } from './Matrix.tsx'
import { roleTexts } from './texts.ts'
import { ownerTitle, permissionTitle, roleTitle } from './words.ts'

/** The matrix where it is narrow: one role at a time. */
export function OneRole({ roles, permissions, edits, canEdit, onTick }: MatrixProps) {
  const t = useTexts(roleTexts)
  const [picked, setPicked] = useState('member')
  const role = roles.find(({ name }) => name === picked) ?? roles[0]
  if (!role) return null
  const isOwner = role.name === 'owner'
  return (
    <section class="stack">
      <h2>{t('matrix')}</h2>
      <Field
        name="picked"
        type="select"
        label={t('pickRole')}
        value={role.name}
        onValue={setPicked}
        hint={isOwner ? t('ownerAll') : undefined}
        options={roles.map(({ name }) => ({ value: name, label: roleTitle(name, roles) }))}
      />
      {byOwner(permissions).map(({ owner, permissions: own }) => (
        <fieldset key={owner} class="one-role">
          <legend>{ownerTitle(owner)}</legend>
          {own.map((permission) => {
            const isMine = can(permission.name)
            return (
              <Checkbox
                key={permission.name}
                isOn={isTicked(edits, role, permission.name)}
                isDisabled={!canEdit || !isMine || isOwner}
                hint={canEdit && !isMine ? t('notYours') : undefined}
                onCheck={(isOn) => onTick(role.name, permission.name, isOn)}
              >
                {permissionTitle(permission)}
              </Checkbox>
            )
          })}
        </fieldset>
      ))}
    </section>
  )
}
