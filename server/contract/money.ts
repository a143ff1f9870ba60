import { z } from 'zod'

/** An amount as it is stored and sent: whole minor units (cents, yen, fils) and the currency they are of. */
export interface Money {
  amountMinor: number
  currency: string
}

// ISO 4217, list one, without funds, metals and test codes.
const codes =
  'EUR USD GBP CHF JPY KWD AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP ' +
  'BYN BZD CAD CDF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB FJD FKP GEL GHS GIP GMD GNF GTQ GYD HKD ' +
  'HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD KES KGS KHR KMF KPW KRW KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA ' +
  'MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD ' +
  'RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX ' +
  'UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG'
const withoutMinor = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'
const withThousandths = 'BHD IQD JOD KWD LYD OMR TND'

/** Code of a currency that people pay with (ISO 4217). */
export const Currency = z.enum(codes.split(' ') as [string, ...string[]], {
  error: 'Give a currency by its three letters, as EUR.',
})

/** Whole minor units, at least one. */
export const AmountMinor = z
  .number({ error: 'Give the amount in whole minor units, as 500 for 5.00.' })
  .int({ error: 'Give the amount in whole minor units, as 500 for 5.00.' })
  .min(1, { error: 'The amount must be more than nothing.' })
  .max(Number.MAX_SAFE_INTEGER, { error: 'This amount is too large.' })

/** How many decimals the minor unit is below the currency's own (ISO 4217): 2, and 0 for JPY, 3 for KWD. */
export function exponentOf(currency: string): number {
  if (withoutMinor.includes(currency)) return 0
  return withThousandths.includes(currency) ? 3 : 2
}

/** 1234 of EUR -> `12.34`, exactly. */
export function decimalOf({ amountMinor, currency }: Money): string {
  const digits = exponentOf(currency)
  const sign = amountMinor < 0 ? '-' : ''
  const text = String(Math.abs(amountMinor)).padStart(digits + 1, '0')
  if (digits === 0) return sign + text
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/**
 * What somebody typed as minor units: `12`, `12.5`, `12,50`, with or without spaces around. Null for what is no amount,
 * is negative, has more decimals than the currency, or is too large to count exactly.
 */
export function parseAmount(text: string, currency: string): number | null {
  const match = /^(\d{1,16})(?:[.,](\d+))?$/.exec(text.trim())
  if (!match) return null
  const digits = exponentOf(currency)
  const [, whole = '', fraction = ''] = match
  if (fraction.length > digits) return null
  const amountMinor = Number(whole + fraction.padEnd(digits, '0'))
  return Number.isSafeInteger(amountMinor) ? amountMinor : null
}

/** 1234 of EUR -> `€12.34` or `12,34 €` by locale; `isShort` leaves out decimals that are all zero. */
export function moneyText(money: Money, locale: string, isShort = false): string {
  const decimal = decimalOf(money)
  const digits = isShort && /\.0+$/.test(decimal) ? 0 : exponentOf(money.currency)
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: money.currency,
    // Not left to the browser: what it knows of decimals is custom, not ISO 4217.
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  // As text, so that no digit of a large amount is lost.
  return format.format(decimal as Intl.StringNumericLiteral)
}
