import { useRef, useState } from 'preact/hooks'
import { asProblem, call, formatMoney, navigate, type ProblemError, useTexts } from '#web'
import { giveTip, type TipTerms } from '../contract.ts'
import { tipFormTexts } from './form-texts.ts'
import { amountOf, keyKeeper, maxLengthOf, type Offer, tierOf } from './offer.ts'

export interface Giving {
  offer: Offer
  amountMinor: number | null
  /** Characters that may still be written; below zero there are too many. */
  left: number
  change(part: Partial<Offer>): void
  /** By field, from the page or the server. */
  errors: { amountMinor?: string; message?: string }
  /** What no field can say. */
  problem: ProblemError | null
  isBusy: boolean
  /** Checks, begins the tip and goes to where it is paid. */
  send(): Promise<void>
}

/** What is being given, until it is on its way to be paid. */
export function useGiving(slug: string, terms: TipTerms): Giving {
  const t = useTexts(tipFormTexts)
  const [offer, setOffer] = useState<Offer>(() => firstOffer(terms))
  const [problem, setProblem] = useState<ProblemError | null>(null)
  const [wrong, setWrong] = useState<Giving['errors']>({})
  const [isBusy, setBusy] = useState(false)
  const keyFor = useRef(keyKeeper(newKey))
  const amountMinor = amountOf(offer, terms)
  // What was open when it was ticked may have closed since.
  const isSuperchat = offer.isSuperchat && terms.superchat === 'open'
  const left = maxLengthOf(offer, terms) - offer.message.trim().length
  const change = (part: Partial<Offer>) => {
    setOffer((before) => ({ ...before, ...part }))
    setWrong({})
    setProblem(null)
  }
  const begin = async (amount: number) => {
    const { message, showName } = offer
    const what = { amountMinor: amount, currency: terms.currency, message: message.trim() }
    const body = { ...what, isSuperchat, showName: isSuperchat || showName }
    const give = () => call(giveTip, { params: { slug }, body, key: keyFor.current(body) })
    let { tip, checkout } = await give()
    if (tip.status === 'expired') {
      // What was begun under this key is over: begun anew, it is another one.
      keyFor.current = keyKeeper(newKey)
      checkout = (await give()).checkout
    }
    if (checkout) goTo(checkout.url)
  }
  const send = async () => {
    const faults: Giving['errors'] = {}
    if (amountMinor === null) faults.amountMinor = t('badAmount', rangeOf(terms))
    if (isSuperchat && amountMinor !== null && !tierOf(amountMinor, terms.tiers))
      faults.amountMinor = t('superchatFrom', { amount: leastOf(terms) })
    if (isSuperchat && !offer.message.trim()) faults.message = t('messageNeeded')
    if (left < 0) faults.message = t('tooLong', { count: -left })
    setWrong(faults)
    setProblem(null)
    if (isBusy || amountMinor === null || Object.keys(faults).length > 0) return
    setBusy(true)
    await begin(amountMinor).catch((reason: unknown) => setProblem(asProblem(reason)))
    setBusy(false)
  }
  const isElsewhere = problem && !problem.fields.amountMinor && !problem.fields.message
  const errors = { ...problem?.fields, ...wrong }
  return { offer, amountMinor, left, change, errors, problem: isElsewhere ? problem : null, isBusy, send }
}

const firstOffer = ({ presetsMinor }: TipTerms): Offer => ({
  presetMinor: presetsMinor[1] ?? presetsMinor[0] ?? null,
  typed: '',
  isSuperchat: false,
  message: '',
  showName: true,
})

const leastOf = ({ tiers, currency }: TipTerms) =>
  formatMoney({ amountMinor: tiers[0]?.fromMinor ?? 0, currency }, true)

const rangeOf = ({ minAmountMinor, maxAmountMinor, currency }: TipTerms) => ({
  min: formatMoney({ amountMinor: minAmountMinor, currency }, true),
  max: formatMoney({ amountMinor: maxAmountMinor, currency }, true),
})

// Not `randomUUID`: that is missing on plain http, as in a studio's own network.
const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/** A page of ours stays in the app; a payment service is a site of its own. */
function goTo(url: string): void {
  const target = new URL(url, location.origin)
  if (target.origin === location.origin) navigate(target.pathname + target.search)
  else if (target.protocol === 'https:') location.assign(target.href)
}
