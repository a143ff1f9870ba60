import { useEffect } from 'preact/hooks'
import { admin } from '#contract'
import { call } from '../../../sdk/call.ts'
import { useQuery } from '../../../sdk/query.ts'
import { reloadSite, site } from '../../../sdk/site.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { applyAccent } from '../../../sdk/theme.ts'
import { toast } from '../../../sdk/toast.ts'
import { withConfirm } from '../../../sdk/with-confirm.ts'
import { Form } from '../../../ui/form.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { asSettings, asValues, changesOf, settingsFields } from './fields.ts'
import { settingsTexts } from './texts.ts'

/** The label's own settings: name and look, joining, legal texts, what is kept. */
export default function Settings() {
  const t = useTexts(settingsTexts)
  const query = useQuery(admin.getSettings)
  useEffect(() => () => applyAccent(site.peek().accent), [])
  return (
    <>
      <PageHeader title={t('settings')} lead={t('lead')} />
      <QueryView query={query}>
        {(data) => (
          <div class="admin-form">
            <Form
              initial={asValues(data)}
              onChange={({ accent }) => applyAccent(accent)}
              fields={settingsFields(t)}
              submit={t('save')}
              onSubmit={async (values) => {
                const body = changesOf(data, asSettings(values))
                query.set(await withConfirm(() => call(admin.updateSettings, { body })))
                await reloadSite()
                toast(t('saved'))
              }}
            />
          </div>
        )}
      </QueryView>
    </>
  )
}
