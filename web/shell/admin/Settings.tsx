import { useEffect } from 'preact/hooks'
import { admin } from '#contract'
import { call } from '../../sdk/call.ts'
import { useQuery } from '../../sdk/query.ts'
import { reloadSite, site } from '../../sdk/site.ts'
import { useTexts } from '../../sdk/texts.ts'
import { applyAccent } from '../../sdk/theme.ts'
import { toast } from '../../sdk/toast.ts'
import { Form } from '../../ui/form.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { adminTexts } from './texts.ts'

/** Name, look and registration of the label. */
export function Settings() {
  const t = useTexts(adminTexts)
  const query = useQuery(admin.getSettings)
  useEffect(() => () => applyAccent(site.peek().accent), [])
  return (
    <QueryView query={query}>
      {(data) => (
        <div class="admin-form">
          <p class="page-lead">{t('settingsLead')}</p>
          <Form
            initial={data}
            onChange={({ accent }) => applyAccent(accent)}
            fields={[
              { name: 'title', label: t('labelName'), maxLength: 80 },
              {
                name: 'description',
                label: t('description'),
                hint: t('descriptionHint'),
                type: 'textarea',
                maxLength: 300,
                isOptional: true,
              },
              { name: 'accent', label: t('colour'), hint: t('colourHint'), type: 'color' },
              {
                name: 'registration',
                label: t('registration'),
                type: 'select',
                options: (['open', 'closed'] as const).map((value) => ({
                  value,
                  label: t(`registration-${value}`),
                })),
              },
            ]}
            submit={t('save')}
            onSubmit={async (values) => {
              const registration = values.registration === 'closed' ? 'closed' : 'open'
              query.set(await call(admin.updateSettings, { body: { ...values, registration } }))
              await reloadSite()
              toast(t('saved'))
            }}
          />
        </div>
      )}
    </QueryView>
  )
}
