import { Checkbox, formatDuration, formatMoney, useTexts } from '#web'
import type { TipTerms } from '../contract.ts'
import { tipFormTexts } from './form-texts.ts'
import { amountOf, type Offer, tierOf } from './offer.ts'

interface SuperchatProps {
  offer: Offer
  terms: TipTerms
  onChange(part: Partial<Offer>): void
}

/** Whether the message goes into the chat, and what that gives for the amount. */
export function SuperchatField({ offer, terms, onChange }: SuperchatProps) {
  const t = useTexts(tipFormTexts)
  const { superchat, tiers } = terms
  const tier = tierOf(amountOf(offer, terms), tiers)
  const isOpen = superchat === 'open' && (tier !== null || offer.isSuperchat)
  return (
    <Checkbox
      isOn={offer.isSuperchat && superchat === 'open'}
      isDisabled={!isOpen}
      hint={superchat === 'open' ? <Gives offer={offer} terms={terms} /> : t(superchat)}
      onCheck={(isSuperchat) => onChange({ isSuperchat })}
    >
      {t('superchat')}
    </Checkbox>
  )
}

function Gives({ offer, terms }: Omit<SuperchatProps, 'onChange'>) {
  const t = useTexts(tipFormTexts)
  const { tiers, currency } = terms
  const money = (amountMinor = 0) => formatMoney({ amountMinor, currency }, true)
  const tier = tierOf(amountOf(offer, terms), tiers)
  if (!tier) return <>{t('superchatFrom', { amount: money(tiers[0]?.fromMinor) })}</>
  const count = tier.maxLength
  if (tier.pinS > 0) return <>{t('superchatPinned', { time: formatDuration(tier.pinS * 1000), count })}</>
  const pinned = tiers.find(({ pinS }) => pinS > 0)
  return <>{t('superchatPlain', { amount: money(pinned?.fromMinor), count })}</>
}
