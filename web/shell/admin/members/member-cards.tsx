import type { admin } from '#contract'
import { formatAgo, formatNumber } from '../../../sdk/format.ts'
import { useTexts } from '../../../sdk/texts.ts'
import { Card } from '../../../ui/card.tsx'
import { useDeviceWords } from '../../account/sessions/device.ts'
import { memberTexts } from './texts.ts'

/** How somebody gets in: password, factors, linked accounts. */
export function WaysIn({ account }: { account: admin.AccountDetail }) {
  const t = useTexts(memberTexts)
  const { factors, identities, appPasswords } = account
  const facts = [
    [t('password'), t(factors.hasPassword ? 'passwordYes' : 'passwordNo')],
    [t('totp'), t(factors.hasTotp ? 'isOn' : 'isOff')],
    [t('passkeys'), formatNumber(factors.passkeys)],
    [t('linked'), identities.length === 0 ? t('none') : identities.join(', ')],
    [t('appPasswords'), formatNumber(appPasswords)],
  ]
  return (
    <Card title={t('waysIn')}>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

/** Where somebody is signed in. */
export function Sessions({ account }: { account: admin.AccountDetail }) {
  const t = useTexts(memberTexts)
  const say = useDeviceWords()
  return (
    <Card title={t('sessions')}>
      {account.sessions.length === 0 && <p class="muted">{t('noSessions')}</p>}
      <ul class="session-list">
        {account.sessions.map(({ id, device, address, seenAt }) => (
          <li key={id}>
            <b>{say(device)}</b>
            <p class="muted small">{t('sessionSeen', { address, time: formatAgo(seenAt) })}</p>
          </li>
        ))}
      </ul>
    </Card>
  )
}
