import { useState } from 'preact/hooks'
import { identity, type z } from '#contract'
import { call } from '../../sdk/call.ts'
import { navigate, url } from '../../sdk/location.ts'
import { useQuery } from '../../sdk/query.ts'
import { signOut } from '../../sdk/session.ts'
import { useTexts } from '../../sdk/texts.ts'
import type { IdentityQuestion } from '../../sdk/with-confirm.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Form } from '../../ui/form.tsx'
import { QueryView } from '../../ui/query-view.tsx'
import { identityTexts } from './identity-texts.ts'
import { PasskeyButton } from './PasskeyButton.tsx'
import { askPasskey, hasPasskeys } from './passkey.ts'

type ConfirmBody = z.infer<NonNullable<(typeof identity.confirmIdentity)['body']>>
type Way = 'password' | 'code' | 'passkey'

/** By what the account can prove itself here; where a second factor is asked for, the password is none. */
function waysOf(factors: identity.Factors, methods: IdentityQuestion['methods']): Way[] {
  const { hasPassword, hasTotp, recoveryCodesLeft, passkeys } = factors
  const ways: [Way, boolean][] = [
    ['password', hasPassword && methods === null],
    ['code', hasTotp || recoveryCodesLeft > 0],
    ['passkey', passkeys.length > 0 && hasPasskeys],
  ]
  return ways.flatMap(([way, isOpen]) => (isOpen ? [way] : []))
}

/** Asks for a fresh proof of who sits there, by what the account has. */
export default function IdentityDialog({ asked }: { asked: IdentityQuestion }) {
  const t = useTexts(identityTexts)
  const factors = useQuery(identity.getFactors)
  return (
    <Dialog title={t('title')} isOpen onClose={() => asked.answer(false)}>
      <p class="card-lead">{t(asked.methods ? 'secondLead' : 'lead')}</p>
      <QueryView query={factors}>
        {(data) => <Proof ways={waysOf(data, asked.methods)} onDone={() => asked.answer(true)} />}
      </QueryView>
    </Dialog>
  )
}

const others = { password: 'usePassword', code: 'useCode', passkey: 'usePasskey' } as const

function Proof({ ways, onDone }: { ways: Way[]; onDone(): void }) {
  const t = useTexts(identityTexts)
  const [way, setWay] = useState(ways[0])
  if (!way) return <SignInAgain />
  const prove = async (body: ConfirmBody) => {
    await call(identity.confirmIdentity, { body })
    onDone()
  }
  return (
    <div class="stack">
      {way === 'passkey' ? (
        <PasskeyButton label={t('usePasskey')} work={async () => prove({ passkey: await askPasskey() })} />
      ) : (
        <TypedProof key={way} way={way} prove={prove} />
      )}
      <div class="row">
        {ways
          .filter((other) => other !== way)
          .map((other) => (
            <Button key={other} look="plain" onClick={() => setWay(other)}>
              {t(others[other])}
            </Button>
          ))}
      </div>
    </div>
  )
}

interface TypedProofProps {
  way: 'password' | 'code'
  prove(body: ConfirmBody): Promise<void>
}

function TypedProof({ way, prove }: TypedProofProps) {
  const t = useTexts(identityTexts)
  return (
    <Form
      fields={[
        way === 'password'
          ? { name: 'proof', label: t(way), type: 'password', autocomplete: 'current-password' }
          : { name: 'proof', label: t(way), autocomplete: 'one-time-code', maxLength: 40 },
      ]}
      submit={t('submit')}
      onSubmit={({ proof }) => prove(way === 'password' ? { password: proof } : { code: proof.trim() })}
    />
  )
}

function SignInAgain() {
  const t = useTexts(identityTexts)
  const leave = async () => {
    const back = encodeURIComponent(url.peek())
    await signOut().catch(() => undefined)
    navigate(`/login?next=${back}`)
  }
  return (
    <div class="form">
      <p>{t('noWay')}</p>
      <div class="row">
        <Button look="main" onClick={() => void leave()}>
          {t('signInAgain')}
        </Button>
      </div>
    </div>
  )
}
