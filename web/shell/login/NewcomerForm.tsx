import { useEffect, useState } from 'preact/hooks'
import { identity, type z } from '#contract'
import { call } from '../../sdk/call.ts'
import { asProblem, type ProblemError } from '../../sdk/problem-error.ts'
import { useTexts } from '../../sdk/texts.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { arrive } from './arrive.ts'
import { displayNameField, emailField, toUsername, usernameField } from './name-fields.ts'
import { nameTexts } from './name-texts.ts'
import { useProviders } from './Providers.tsx'
import { registerTexts } from './register-texts.ts'
import { useTerms } from './terms.tsx'

type Newcomer = z.infer<NonNullable<(typeof identity.externalNewcomer)['result']>>

/** The short form for somebody who came by another account and has none here yet. */
export function NewcomerForm({ ticket }: { ticket: string }) {
  const t = useTexts(registerTexts)
  const [newcomer, setNewcomer] = useState<Newcomer | null>(null)
  const [error, setError] = useState<ProblemError | null>(null)
  const [tries, setTries] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try asks again
  useEffect(() => {
    setError(null)
    const body = { ticket }
    call(identity.externalNewcomer, { body }).then(setNewcomer, (thrown) => setError(asProblem(thrown)))
  }, [ticket, tries])
  if (error?.is(identity.badTicket))
    return (
      <EmptyState
        icon="clock"
        title={t('overTitle')}
        text={t('overText')}
        action={
          <ButtonLink look="main" href="/login">
            {t('signIn')}
          </ButtonLink>
        }
      />
    )
  if (error) return <ErrorState error={error} retry={() => setTries(tries + 1)} />
  if (!newcomer) return <Skeleton lines={4} />
  return <Known ticket={ticket} newcomer={newcomer} />
}

function Known({ ticket, newcomer }: { ticket: string; newcomer: Newcomer }) {
  const t = useTexts(registerTexts)
  const names = useTexts(nameTexts)
  const terms = useTerms()
  const { email, username, displayName } = newcomer
  const provider = useProviders().find(({ name }) => name === newcomer.provider)?.title ?? newcomer.provider
  return (
    <>
      <p class="page-lead">
        {t('byProvider', { provider })} {email && t('providerEmail', { email })}
      </p>
      <div class="card">
        <Form
          initial={{ username, displayName }}
          fields={[usernameField(names), displayNameField(names), ...(email ? [] : [emailField(names)])]}
          submit={t('submit')}
          onSubmit={async (values) => {
            const shown = values.displayName.trim()
            const body = {
              ticket,
              username: toUsername(values.username),
              ...(shown && { displayName: shown }),
              ...(!email && { email: values.email.trim() }),
              ...terms.take(),
            }
            arrive(await call(identity.registerExternal, { body }))
          }}
        >
          {terms.box}
        </Form>
      </div>
    </>
  )
}
