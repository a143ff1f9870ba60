import { useEffect, useRef, useState } from 'preact/hooks'
import { identity } from '#contract'
import { call } from '../../sdk/call.ts'
import { ProblemError } from '../../sdk/problem-error.ts'
import { useSite } from '../../sdk/site.ts'
import { useTexts } from '../../sdk/texts.ts'
import { useTitle } from '../../sdk/title.ts'
import { Button } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import { arrive } from './arrive.ts'
import { PasskeyButton } from './PasskeyButton.tsx'
import { hasPasskeys, signInByPasskey } from './passkey.ts'
import { loginTexts } from './texts.ts'

type Way = identity.SecondFactorTicket['methods'][number]

interface SecondStepProps {
  asked: identity.SecondFactorTicket
  /** Back to the password, with what went wrong. */
  onBack(problem: ProblemError | null): void
}

/** The second step of signing in: a code of the app, a recovery code or a passkey. */
export function SecondStep({ asked, onBack }: SecondStepProps) {
  const t = useTexts(loginTexts)
  const { title } = useSite()
  const ways = asked.methods.filter((way) => way !== 'passkey' || hasPasskeys)
  const [way, setWay] = useState<Way>(ways[0] ?? 'recovery')
  const box = useRef<HTMLDivElement>(null)
  useTitle(t('secondTitle'))
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows the way that was picked
  useEffect(() => {
    box.current?.querySelector<HTMLElement>('input, .step button')?.focus()
  }, [way])
  const overOr = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof ProblemError && error.is(identity.badTicket))) throw error
      onBack(error)
    }
  }
  return (
    <div class="login" ref={box}>
      <h1>{t('secondTitle')}</h1>
      <p class="page-lead">{t(`lead-${way}`, { label: title })}</p>
      <div class="card step">
        {way === 'passkey' ? (
          <PasskeyButton
            label={t('use-passkey')}
            work={() => overOr(async () => arrive(await signInByPasskey(asked.ticket)))}
          />
        ) : (
          <CodeForm
            key={way}
            way={way}
            send={(code) =>
              overOr(async () => {
                arrive(await call(identity.secondFactor, { body: { ticket: asked.ticket, code } }))
              })
            }
          />
        )}
      </div>
      <nav class="ways" aria-label={t('otherWays')}>
        {ways
          .filter((other) => other !== way)
          .map((other) => (
            <Button key={other} look="plain" onClick={() => setWay(other)}>
              {t(`use-${other}`)}
            </Button>
          ))}
        <Button look="plain" icon="arrow-left" onClick={() => onBack(null)}>
          {t('back')}
        </Button>
      </nav>
      <p class="muted small">{t('lost')}</p>
    </div>
  )
}

interface CodeFormProps {
  way: 'totp' | 'recovery'
  send(code: string): Promise<void>
}

function CodeForm({ way, send }: CodeFormProps) {
  const t = useTexts(loginTexts)
  const isTotp = way === 'totp'
  return (
    <Form
      fields={[
        {
          name: 'code',
          label: t(isTotp ? 'code' : 'recoveryCode'),
          autocomplete: isTotp ? 'one-time-code' : 'off',
          maxLength: 40,
          ...(isTotp && {
            inputMode: 'numeric' as const,
            check: (value: string) => (/^\s*\d{3}\s?\d{3}\s*$/.test(value) ? undefined : t('codeWrong')),
          }),
        },
      ]}
      submit={t('confirm')}
      onSubmit={({ code }) => send(isTotp ? code.replaceAll(/\s/g, '') : code.trim())}
    />
  )
}
