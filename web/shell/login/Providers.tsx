import { useState } from 'preact/hooks'
import { identity } from '#contract'
import { call } from '../../sdk/call.ts'
import { query, safeNext } from '../../sdk/location.ts'
import { asProblem } from '../../sdk/problem-error.ts'
import { useQuery } from '../../sdk/query.ts'
import { useTexts } from '../../sdk/texts.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { loginTexts } from './texts.ts'

/** The providers that this label lets people sign in by; none until they are known. */
export function useProviders(): identity.Provider[] {
  return useQuery(identity.listProviders, {}, { freshMs: 60_000 }).data?.items ?? []
}

/** Buttons that lead to other accounts and back here. */
export function ProviderButtons({ invitation }: { invitation?: string | undefined }) {
  const t = useTexts(loginTexts)
  const providers = useProviders()
  const [busy, setBusy] = useState<string | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  const go = async (provider: string) => {
    setBusy(provider)
    setFault(null)
    try {
      const next = safeNext(query.peek().get('next'))
      const body = { intent: 'sign-in' as const, next, ...(invitation && { invitation }) }
      location.assign((await call(identity.startExternal, { params: { provider }, body })).url)
    } catch (error) {
      setFault(asProblem(error).message)
      setBusy(null)
    }
  }
  return (
    <>
      {providers.map(({ name, title }) => (
        <Button key={name} isBusy={busy === name} onClick={() => void go(name)}>
          {t('by', { name: title })}
        </Button>
      ))}
      <div role="alert">{fault && <Notice tone="bad">{fault}</Notice>}</div>
    </>
  )
}
