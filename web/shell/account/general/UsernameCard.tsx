import { useState } from 'preact/hooks'
import { identity } from '#contract'
import { call } from '../../../sdk/call.ts'
import { formatDate } from '../../../sdk/format.ts'
import { asProblem } from '../../../sdk/problem-error.ts'
import { setMe } from '../../../sdk/session.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { toast } from '../../../sdk/toast.ts'
import { withConfirm } from '../../../sdk/with-confirm.ts'
import { Card } from '../../../ui/card.tsx'
import { Form } from '../../../ui/form.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { toUsername, usernameField } from '../../login/name-fields.ts'
import { nameTexts } from '../../login/name-texts.ts'
import { generalTexts } from './texts.ts'

/** Changes the name in addresses. */
export function UsernameCard({ account }: { account: identity.Me }) {
  const t = useTexts(generalTexts)
  const names = useTexts(nameTexts)
  const [nextTime, setNextTime] = useState<string | null>(null)
  const rename = async (username: string) => {
    setNextTime(null)
    try {
      setMe(await withConfirm(() => call(identity.changeUsername, { body: { username } })))
      toast(t('usernameDone', { name: `@${username}` }))
    } catch (error) {
      const { next } = asProblem(error).members
      if (typeof next !== 'string') throw error
      setNextTime(next)
    }
  }
  return (
    <Card title={t('usernameTitle')} lead={t('usernameLead', { address: `/@${account.username}` })}>
      <Form
        initial={{ username: account.username }}
        fields={[{ ...usernameField(names), autocomplete: 'off' }]}
        submit={t('usernameSubmit')}
        onSubmit={({ username }) => rename(toUsername(username))}
      >
        <div role="alert">
          {nextTime && (
            <Notice tone="bad">{t('usernameNext', { date: formatDate(nextTime, 'date') })}</Notice>
          )}
        </div>
      </Form>
    </Card>
  )
}
