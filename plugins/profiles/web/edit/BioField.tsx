import { useEffect, useState } from 'preact/hooks'
import { call, Field, Prose, Tabs, useTexts } from '#web'
import { previewBio } from '../../contract.ts'
import { profileTexts } from '../texts.ts'

interface BioFieldProps {
  value: string
  limit: number
  error?: string | undefined
  onValue(value: string): void
}

/** Markdown, and beside it what it becomes: by the server, so that nothing else is ever shown later. */
export function BioField({ value, limit, error, onValue }: BioFieldProps) {
  const t = useTexts(profileTexts)
  return (
    <Tabs
      label={t('bio')}
      items={[
        {
          id: 'write',
          label: t('write'),
          content: (
            <Field
              name="bio"
              label={t('bio')}
              hint={t('bioHint')}
              type="textarea"
              value={value}
              maxLength={limit}
              isOptional
              error={error}
              onValue={onValue}
            />
          ),
        },
        { id: 'preview', label: t('preview'), content: <Preview text={value} /> },
      ]}
    />
  )
}

/** Follows the text, a moment after the last key. */
function Preview({ text }: { text: string }) {
  const t = useTexts(profileTexts)
  const [html, setHtml] = useState('')
  useEffect(() => {
    let isCurrent = true
    const timer = setTimeout(() => {
      call(previewBio, { body: { text } }).then(
        (made) => isCurrent && setHtml(made.html),
        () => undefined,
      )
    }, 250)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [text])
  if (text.trim() === '') return <p class="muted">{t('previewEmpty')}</p>
  return <Prose html={html} />
}
