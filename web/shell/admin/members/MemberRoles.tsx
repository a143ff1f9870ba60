import { useState } from 'preact/hooks'
import { admin } from '#contract'
import { call } from '../../../sdk/call.ts'
import { useQuery } from '../../../sdk/query.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { Button } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { act } from '../act.ts'
import { RoleChoice } from './RoleChoice.tsx'
import { memberTexts } from './texts.ts'

interface MemberRolesProps {
  account: admin.AccountDetail
  onChange(account: admin.AccountDetail): void
  isFixed: boolean
}

/** The roles of one account, saved together. */
export function MemberRoles({ account, onChange, isFixed }: MemberRolesProps) {
  const t = useTexts(memberTexts)
  const query = useQuery(admin.listRoles)
  const [chosen, setChosen] = useState<string[]>(account.roles)
  const [isBusy, setBusy] = useState(false)
  const isSame = [...chosen].sort().join() === [...account.roles].sort().join()
  const save = async () => {
    setBusy(true)
    const { id } = account
    await act(
      async () => onChange(await call(admin.setAccountRoles, { params: { id }, body: { roles: chosen } })),
      t('rolesSaved'),
    )
    setBusy(false)
  }
  return (
    <Card title={t('roles')}>
      <QueryView query={query}>
        {({ roles, permissions }) => (
          <>
            <RoleChoice
              roles={roles}
              permissions={permissions}
              chosen={chosen}
              onChange={setChosen}
              isDisabled={isFixed}
            />
            {!isFixed && (
              <div class="row">
                <Button look="main" isBusy={isBusy} disabled={isSame} onClick={save}>
                  {t('saveRoles')}
                </Button>
              </div>
            )}
          </>
        )}
      </QueryView>
    </Card>
  )
}
