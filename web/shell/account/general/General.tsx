import { me } from '../../../sdk/session.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { ButtonLink } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { EmailCard } from './EmailCard.tsx'
import { LookCard } from './LookCard.tsx'
import { generalTexts } from './texts.ts'
import { UsernameCard } from './UsernameCard.tsx'

/** Who the account is: name, look, username and address. */
export default function General() {
  const t = useTexts(generalTexts)
  const account = me.value
  if (!account) return null
  const { displayName, username, avatarUrl } = account
  return (
    <div class="account-parts">
      <Card>
        <div class="person">
          <Avatar name={displayName} url={avatarUrl} size={64} />
          <div>
            <h2>{displayName}</h2>
            <p class="muted">@{username}</p>
          </div>
          <ButtonLink href={`/@${username}`}>{t('toProfile')}</ButtonLink>
        </div>
      </Card>
      <LookCard account={account} />
      <UsernameCard key={username} account={account} />
      <EmailCard account={account} />
    </div>
  )
}
