import { useEffect, useState } from 'preact/hooks'
import { identity, type z } from '#contract'
import { call } from '../../sdk/call.ts'
import { useTexts } from '../../sdk/texts.ts'
import { Meter } from '../../ui/meter.tsx'
import { passwordTexts } from './password-texts.ts'

type Verdict = z.infer<NonNullable<(typeof identity.checkPassword)['result']>>
const words = ['score-0', 'score-1', 'score-2', 'score-3', 'score-4'] as const
const pauseMs = 250

/** What the server thinks of a password, asked when the typing pauses; null while nothing is known. */
function useVerdict(password: string, about: readonly string[]): Verdict | null {
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const known = about.filter(Boolean).join('\n')
  useEffect(() => {
    if (password === '') {
      setVerdict(null)
      return undefined
    }
    const stop = new AbortController()
    const ask = () => {
      const body = { password: password.slice(0, 256), about: known === '' ? [] : known.split('\n') }
      // Without an answer there is no meter; the server looks again when the form is sent.
      call(identity.checkPassword, { body, signal: stop.signal }).then(setVerdict, () => undefined)
    }
    const timer = setTimeout(ask, pauseMs)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [password, known])
  return verdict
}

/** How hard a password is to guess, under its field; `about` are words that would be easy to guess here. */
export function StrengthMeter({ password, about = [] }: { password: string; about?: readonly string[] }) {
  const t = useTexts(passwordTexts)
  const verdict = useVerdict(password, about)
  if (!verdict || password === '') return null
  const { score, isAccepted, reason } = verdict
  const remedy = isAccepted ? t('accepted') : (reason ?? t('refused'))
  return (
    <Meter
      label={t('strength')}
      word={t(words[score] ?? 'score-0')}
      value={score + 1}
      max={5}
      tone={isAccepted ? 'ok' : score < 2 ? 'bad' : 'warn'}
    >
      · {remedy}
    </Meter>
  )
}
