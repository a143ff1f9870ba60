import { query, safeNext } from '../../sdk/location.ts'
import { useTexts } from '../../sdk/texts.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { loginTexts } from './texts.ts'

/** For whoever opens a sign-in page while signed in. */
export function AlreadyIn({ name, fault }: { name: string; fault?: string | undefined }) {
  const t = useTexts(loginTexts)
  return (
    <div class="login">
      <h1>{t('already', { name })}</h1>
      {fault ? <Notice tone="bad">{fault}</Notice> : <p class="page-lead">{t('alreadyText')}</p>}
      <ButtonLink look="main" href={safeNext(query.value.get('next'), fault ? '/account/security' : '/')}>
        {t('goOn')}
      </ButtonLink>
    </div>
  )
}
