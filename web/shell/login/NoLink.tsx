import { useTexts } from '../../sdk/texts.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { recoveryTexts } from './recovery-texts.ts'

/** A page that lives by the secret of a mailed link, opened without it. */
export function NoLink({ title }: { title: string }) {
  const t = useTexts(recoveryTexts)
  return (
    <div class="login">
      <h1>{title}</h1>
      <EmptyState
        icon="key"
        title={t('noLinkTitle')}
        text={t('noLinkText')}
        action={<ButtonLink href="/login">{t('toSignIn')}</ButtonLink>}
      />
    </div>
  )
}
