import { useEffect } from 'preact/hooks'
import { path } from '../../sdk/location.ts'
import { me, reloadMe } from '../../sdk/session.ts'
import { useTexts } from '../../sdk/texts.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { identityTexts } from './identity-texts.ts'
import { ResendButton } from './ResendButton.tsx'
import './notices.css'

/** The link is often opened in another tab: coming back to this one asks again. */
function useFreshAccount(): void {
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') void reloadMe().catch(() => undefined)
    }
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
}

/** What an account still has to do, quietly over every page until it is done. */
export default function AccountNotices() {
  const t = useTexts(identityTexts)
  const account = me.value
  useFreshAccount()
  if (!account) return null
  const { email, isEmailVerified, needsSecondFactor } = account
  const asksFactor = needsSecondFactor && path.value !== '/account/security'
  const asksAddress = !isEmailVerified && path.value !== '/verify'
  if (!asksFactor && !asksAddress) return null
  return (
    <aside class="account-notices" aria-label={t('notices')}>
      {asksFactor && (
        <div class="notice notice-warn">
          <p>{t('needsFactor')}</p>
          <ButtonLink href="/account/security">{t('setUp')}</ButtonLink>
        </div>
      )}
      {asksAddress && (
        <div class="notice">
          <p>{t('sendVerify', { email })}</p>
          <div class="row">
            <ResendButton email={email} />
            {path.value !== '/account' && (
              <ButtonLink look="plain" href="/account">
                {t('otherAddress')}
              </ButtonLink>
            )}
          </div>
        </div>
      )}
    </aside>
  )
}
