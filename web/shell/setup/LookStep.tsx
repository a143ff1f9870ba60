import { useEffect } from 'preact/hooks'
import { admin } from '#contract'
import { call } from '../../sdk/call.ts'
import { useQuery } from '../../sdk/query.ts'
import { reloadSite, site } from '../../sdk/site.ts'
import { useTexts } from '../../sdk/texts.ts'
import { applyAccent } from '../../sdk/theme.ts'
import { Button } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { setUpTexts } from './texts.ts'

/** Name, sentence and colour of the label; the colour shows at once. */
export function LookStep({ onDone, onSkip }: { onDone(): void; onSkip(): void }) {
  const t = useTexts(setUpTexts)
  const settings = useQuery(admin.getSettings)
  useEffect(() => () => applyAccent(site.peek().accent), [])
  return (
    <>
      <PageHeader title={t('lookTitle')} lead={t('lookLead')} />
      <QueryView query={settings}>
        {(data) => (
          <Form
            initial={data}
            onChange={({ accent }) => applyAccent(accent)}
            fields={[
              { name: 'title', label: t('labelName'), maxLength: 80, autocomplete: 'organization' },
              {
                name: 'description',
                label: t('description'),
                hint: t('descriptionHint'),
                type: 'textarea',
                maxLength: 300,
                isOptional: true,
              },
              { name: 'accent', label: t('colour'), hint: t('colourHint'), type: 'color' },
            ]}
            submit={t('lookSubmit')}
            actions={
              <Button look="plain" onClick={onSkip}>
                {t('skip')}
              </Button>
            }
            onSubmit={async ({ title, description, accent }) => {
              settings.set(await call(admin.updateSettings, { body: { title, description, accent } }))
              await reloadSite()
              onDone()
            }}
          />
        )}
      </QueryView>
    </>
  )
}
