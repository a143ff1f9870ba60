import { useState } from 'preact/hooks'
import { admin } from '#contract'
import { call } from '../../sdk/call.ts'
import { confirm } from '../../sdk/confirm.ts'
import { asProblem } from '../../sdk/problem-error.ts'
import { useQuery } from '../../sdk/query.ts'
import { reloadSite } from '../../sdk/site.ts'
import { type Translate, useTexts } from '../../sdk/texts.ts'
import { toast } from '../../sdk/toast.ts'
import { Badge } from '../../ui/badge.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { Switch } from '../../ui/switch.tsx'
import { adminTexts } from './texts.ts'

type T = Translate<(typeof adminTexts)['en']>
type Plugin = admin.PluginState

function Row({ t, plugin, onSwitch }: { t: T; plugin: Plugin; onSwitch(isOn: boolean): Promise<void> }) {
  const [isBusy, setBusy] = useState(false)
  const press = async (isOn: boolean) => {
    setBusy(true)
    await onSwitch(isOn)
    setBusy(false)
  }
  return (
    <li class="plugin">
      <div>
        <h2>
          {plugin.title} <span class="muted small">{plugin.version}</span>
        </h2>
        <div class="row">
          {plugin.isRequired && <Badge>{t('required')}</Badge>}
          {plugin.origin === 'added' && <Badge>{t('added')}</Badge>}
          {plugin.state === 'failed' && <Badge tone="bad">{t('failed')}</Badge>}
        </div>
        {plugin.error && <p class="plugin-error">{plugin.error}</p>}
      </div>
      <Switch
        label={t('pluginSwitch', { title: plugin.title })}
        isOn={plugin.isEnabled}
        isDisabled={plugin.isRequired || isBusy}
        onSwitch={press}
      />
    </li>
  )
}

/** Every plugin with its switch. Switching one off is asked first: its pages stop for everybody. */
export default function Plugins() {
  const t = useTexts(adminTexts)
  const query = useQuery(admin.listPlugins)
  const change = async (plugin: Plugin, isEnabled: boolean) => {
    const { name, title } = plugin
    const question = { title: t('offTitle', { title }), text: t('offText'), action: t('offAction') }
    if (!isEnabled && !(await confirm(question))) return
    try {
      await call(admin.setPlugin, { params: { name }, body: { isEnabled } })
      toast(t(isEnabled ? 'pluginOn' : 'pluginOff', { title }))
      await Promise.all([query.reload(), reloadSite()])
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  return (
    <>
      <PageHeader title={t('plugins')} lead={t('pluginsLead')} />
      <QueryView query={query}>
        {({ items }) => (
          <ul class="plugins">
            {items.map((plugin) => (
              <Row key={plugin.name} t={t} plugin={plugin} onSwitch={(isOn) => change(plugin, isOn)} />
            ))}
          </ul>
        )}
      </QueryView>
    </>
  )
}
