import { useState } from 'preact/hooks'
import { Button, call, Field, Form, useTexts } from '#web'
import { createSimulcast, type Simulcast, updateSimulcast } from '../../contract.ts'
import { services } from './services.ts'
import { simulcastTexts } from './texts.ts'

interface Props {
  slug: string
  /** Null for a new one. */
  item: Simulcast | null
  onDone(): void
}

/** A destination: one of the well-known, which need a key alone, or any server. */
export function SimulcastForm({ slug, item, onDone }: Props) {
  const t = useTexts(simulcastTexts)
  const [service, setService] = useState<string>(item ? 'custom' : services[0].id)
  const known = services.find(({ id }) => id === service)
  const custom = [
    { name: 'title', label: t('name'), maxLength: 60 },
    { name: 'url', label: t('url'), hint: t('urlHint'), maxLength: 300 },
  ] as const
  const key = {
    name: 'key',
    label: t(item ? 'newKey' : 'key'),
    hint: t(item ? 'newKeyHint' : 'keyHint'),
    type: 'password',
    autocomplete: 'off',
    isOptional: item !== null,
  } as const
  return (
    <div class="simulcast-form">
      {!item && (
        <Field
          name="service"
          label={t('service')}
          type="select"
          value={service}
          onValue={setService}
          options={[
            ...services.map(({ id, title }) => ({ value: id, label: title })),
            { value: 'custom', label: t('custom') },
          ]}
        />
      )}
      <Form<'title' | 'url' | 'key'>
        key={service}
        fields={known ? [key] : [...custom, key]}
        initial={{ title: item?.title ?? '', url: item?.url ?? '' }}
        submit={t(item ? 'save' : 'add')}
        onSubmit={async (values) => {
          const { title, url } = known ?? values
          if (item) {
            const body = { title, url, ...(values.key && { key: values.key }) }
            await call(updateSimulcast, { params: { id: item.id }, body })
          } else
            await call(createSimulcast, {
              params: { slug },
              body: { title, url, key: values.key, isOn: true },
            })
          onDone()
        }}
        actions={
          <Button look="plain" onClick={onDone}>
            {t('cancel')}
          </Button>
        }
      />
    </div>
  )
}
