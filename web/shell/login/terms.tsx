import { useState } from 'preact/hooks'
import { identity } from '#contract'
import { problemOf } from '../../sdk/problem-error.ts'
import { useSite } from '../../sdk/site.ts'
import { useTexts } from '../../sdk/texts.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { registerTexts } from './register-texts.ts'

interface Terms {
  /** What goes into the body; throws identity.terms-needed where the label asks and nobody has agreed. */
  take(): { acceptsTerms?: boolean }
  box: preact.JSX.Element | null
}

/** The label's terms as a box to tick; nothing where it has none. */
export function useTerms(): Terms {
  const t = useTexts(registerTexts)
  const { terms } = useSite()
  const [isAgreed, setAgreed] = useState(false)
  const [isMissed, setMissed] = useState(false)
  if (!terms) return { take: () => ({}), box: null }
  const { termsUrl, privacyUrl } = terms
  const take = () => {
    setMissed(!isAgreed)
    const problem = isAgreed ? null : problemOf([identity.termsNeeded], identity.termsNeeded.name)
    if (problem) throw problem
    return { acceptsTerms: true }
  }
  const box = (
    <Checkbox
      isOn={isAgreed}
      isInvalid={isMissed}
      onCheck={(isOn) => {
        setAgreed(isOn)
        setMissed(false)
      }}
    >
      {t('agreeTo')} {termsUrl && <Paper href={termsUrl}>{t('terms')}</Paper>}
      {termsUrl && privacyUrl && ` ${t('and')} `}
      {privacyUrl && <Paper href={privacyUrl}>{t('privacy')}</Paper>}.
    </Checkbox>
  )
  return { take, box }
}

/** In a tab of its own, so that nothing typed is lost. */
function Paper({ href, children }: { href: string; children: string }) {
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  )
}
