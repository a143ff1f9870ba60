import { useState } from 'preact/hooks'
import { asProblem, Button, CopyField, call, Form, invalidate, Notice, useTexts } from '#web'
import { createKey, listKeys, type NewStreamKey } from '../../contract.ts'
import { mixTexts } from './texts.ts'

interface KeyProps {
  slug: string
  camera: number
  /** Of a camera that is there already; a new one is asked for its name. */
  name?: string
  onMade(): void
  onDone(): void
}

/** Makes a key for a camera and shows it, once. */
export function CameraKey({ slug, camera, name, onMade, onDone }: KeyProps) {
  const t = useTexts(mixTexts)
  const [number] = useState(camera)
  const [made, setMade] = useState<{ key: NewStreamKey; name: string } | null>(null)
  const make = async (title: string) => {
    const body = { camera: number, ...(title && { title }) }
    const key = await call(createKey, { params: { slug }, body })
    setMade({ key, name: name ?? (title || t('camera', { number })) })
    invalidate(listKeys)
    onMade()
  }
  if (made)
    return (
      <section class="mix-key">
        <h3>{t('keyTitle', { name: made.name })}</h3>
        <CopyField label={t('server')} value={made.key.url} />
        <CopyField label={t('streamKey')} value={made.key.key} hint={t('once')} isSecret />
        <div>
          <Button onClick={onDone}>{t('done')}</Button>
        </div>
      </section>
    )
  if (name !== undefined) return <OnePress onMake={() => make('')} onCancel={onDone} />
  return (
    <section class="mix-key">
      <h3>{t('newTitle')}</h3>
      <p class="muted small">{t('newText')}</p>
      <Form
        fields={[
          {
            name: 'title',
            label: t('newName'),
            hint: t('newNameHint'),
            placeholder: t('camera', { number }),
            maxLength: 60,
            isOptional: true,
          },
        ]}
        submit={t('make')}
        onSubmit={({ title }) => make(title.trim())}
        actions={
          <Button look="plain" onClick={onDone}>
            {t('cancel')}
          </Button>
        }
      />
    </section>
  )
}

function OnePress({ onMake, onCancel }: { onMake(): Promise<void>; onCancel(): void }) {
  const t = useTexts(mixTexts)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const make = async () => {
    setBusy(true)
    try {
      await onMake()
    } catch (error) {
      setProblem(asProblem(error).message)
      setBusy(false)
    }
  }
  return (
    <div class="mix-key">
      <div role="alert">{problem && <Notice tone="bad">{problem}</Notice>}</div>
      <div class="mix-buttons">
        <Button look="main" icon="key" isBusy={isBusy} onClick={() => void make()}>
          {t('make')}
        </Button>
        <Button look="plain" onClick={onCancel}>
          {t('cancel')}
        </Button>
      </div>
    </div>
  )
}
