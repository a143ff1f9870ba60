import { identity } from '#contract'
import { call } from '../../../sdk/call.ts'
import { invalidate, useQuery } from '../../../sdk/query.ts'
import { me } from '../../../sdk/session.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { toast } from '../../../sdk/toast.ts'
import { Card } from '../../../ui/card.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { Switch } from '../../../ui/switch.tsx'
import { useAction } from '../action.ts'
import { mailTexts } from './texts.ts'

const kinds = ['news', 'live', 'replies'] as const

/** Which mails the account wants. */
export default function Mails() {
  const t = useTexts(mailTexts)
  const query = useQuery(identity.getPreferences)
  const { isBusy, run } = useAction()
  const change = (kind: (typeof kinds)[number], isOn: boolean) =>
    run(async () => {
      query.set(await call(identity.updatePreferences, { body: { [kind]: isOn } }))
      // Wanting news is a consent, which the page on privacy lists.
      invalidate(identity.listConsents)
      toast(t('saved'))
    })
  return (
    <Card title={t('title')} lead={t('lead', { email: me.value?.email ?? '' })}>
      <QueryView query={query}>
        {(wanted) => (
          <>
            {kinds.map((kind) => (
              <div class="setting-row" key={kind}>
                <div>
                  <h3>{t(kind)}</h3>
                  <p>{t(`${kind}Hint`)}</p>
                </div>
                <Switch
                  label={t(kind)}
                  isOn={wanted[kind]}
                  isDisabled={isBusy}
                  onSwitch={(isOn) => void change(kind, isOn)}
                />
              </div>
            ))}
          </>
        )}
      </QueryView>
    </Card>
  )
}
