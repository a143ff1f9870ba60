import { useEffect, useRef, useState } from 'preact/hooks'
import { me } from '../../../sdk/session.ts'
import { useSite } from '../../../sdk/site.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { Button } from '../../../ui/button.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { securityTexts } from './texts.ts'

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  Object.assign(document.createElement('a'), { href: url, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** Recovery codes, shown once: copied, saved or printed, and put away by saying that they are kept. */
export function CodeSheet({ codes, onDone }: { codes: string[]; onDone(): void }) {
  const t = useTexts(securityTexts)
  const { title } = useSite()
  const [isKept, setKept] = useState(false)
  const [said, setSaid] = useState('')
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.focus(), [])
  const name = me.value?.username ?? ''
  const head = t('codesOf', { name, label: title })
  const text = `${head}\n\n${codes.join('\n')}\n`
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid(t('copied')),
      () => setSaid(t('notCopied')),
    )
  return (
    <div class="codes" ref={box} tabIndex={-1}>
      <h3 class="no-print">{t('codesTitle')}</h3>
      <p class="no-print">{t('codesText')}</p>
      <p class="codes-head">{head}</p>
      <ol>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div class="row no-print">
        <Button icon="copy" onClick={() => void copy()}>
          {t('copyCodes')}
        </Button>
        <Button icon="download" onClick={() => save(`${name}-recovery-codes.txt`, text)}>
          {t('download')}
        </Button>
        <Button onClick={() => print()}>{t('print')}</Button>
        <span class="muted small" role="status">
          {said}
        </span>
      </div>
      <div class="row no-print">
        <Checkbox isOn={isKept} onCheck={setKept}>
          {t('kept')}
        </Checkbox>
        <Button look="main" disabled={!isKept} onClick={onDone}>
          {t('done')}
        </Button>
      </div>
    </div>
  )
}
