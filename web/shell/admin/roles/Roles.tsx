import { useState } from 'preact/hooks'
import { admin } from '#contract'
import { call } from '../../../sdk/call.ts'
import { useQuery } from '../../../sdk/query.ts'
import { can, reloadMe } from '../../../sdk/session.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { act } from '../act.ts'
import { changesOf, type Edits, editPermission, editSecondFactor, type RoleChange } from './edits.ts'
import { MakeRole } from './MakeRole.tsx'
import { Matrix } from './Matrix.tsx'
import { OneRole } from './OneRole.tsx'
import { RoleList } from './RoleList.tsx'
import { SaveBar } from './SaveBar.tsx'
import { roleTexts } from './texts.ts'
import { useIsWide } from './use-is-wide.ts'
import './roles.css'

/** Saves role by role; what was saved before one is refused stays saved, the rest stays ticked. */
async function saveAll(changes: readonly RoleChange[]): Promise<void> {
  for (const { role, allow, deny, needsSecondFactor } of changes) {
    const body = {
      ...(allow.length > 0 && { allow }),
      ...(deny.length > 0 && { deny }),
      ...(needsSecondFactor !== undefined && { needsSecondFactor }),
    }
    await call(admin.updateRole, { params: { name: role }, body })
  }
}

/** The matrix of roles and permissions, with what each role asks for; saved when one says so. */
export default function Roles() {
  const t = useTexts(roleTexts)
  const query = useQuery(admin.listRoles)
  const isWide = useIsWide()
  const [edits, setEdits] = useState<Edits>({})
  const [isMaking, setMaking] = useState(false)
  const canEdit = can('identity.manage-roles')
  const save = async (changes: readonly RoleChange[]) => {
    const isDone = await act(() => saveAll(changes), t('saved'))
    await query.reload()
    if (isDone) setEdits({})
    await reloadMe()
  }
  const make = canEdit && (
    <Button look="main" icon="plus" onClick={() => setMaking(true)}>
      {t('make')}
    </Button>
  )
  const Permissions = isWide ? Matrix : OneRole
  return (
    <>
      <PageHeader title={t('roles')} lead={t('lead')} actions={make || undefined} />
      <QueryView query={query}>
        {({ roles, permissions }) => {
          const changes = changesOf(roles, edits)
          return (
            <div class="stack">
              {!canEdit && <Notice>{t('onlyRead')}</Notice>}
              <RoleList
                roles={roles}
                edits={edits}
                canEdit={canEdit}
                onSwitch={(role, isOn) => setEdits(editSecondFactor(edits, role, isOn))}
                onRemoved={() => void query.reload()}
              />
              <Permissions
                roles={roles}
                permissions={permissions}
                edits={edits}
                canEdit={canEdit}
                onTick={(role, permission, isOn) => setEdits(editPermission(edits, role, permission, isOn))}
              />
              {changes.length > 0 && (
                <SaveBar
                  roles={roles}
                  permissions={permissions}
                  changes={changes}
                  onSave={() => save(changes)}
                  onDrop={() => setEdits({})}
                />
              )}
            </div>
          )
        }}
      </QueryView>
      {isMaking && <MakeRole onMade={() => void query.reload()} onClose={() => setMaking(false)} />}
    </>
  )
}
