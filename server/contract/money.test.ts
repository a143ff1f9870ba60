import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Currency, decimalOf, exponentOf, moneyText, parseAmount } from '#contract'

const test = suite('money')
const currency = fc.constantFrom(...Currency.options)
const amount = fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.maxSafeNat())

test('what is written of an amount is read as the same amount, in every currency', () => {
  fc.assert(
    fc.property(amount, currency, (amountMinor, code) => {
      const text = decimalOf({ amountMinor, currency: code })
      assert.is(parseAmount(text, code), amountMinor)
      assert.is(parseAmount(` ${text.replace('.', ',')} `, code), amountMinor)
      assert.is(text.split('.')[1]?.length ?? 0, exponentOf(code))
    }),
  )
})

test('parts that are written and read again add up to the whole, to the last unit, in every currency', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1e12 }), { maxLength: 20 }), currency, (parts, code) => {
      const read = parts.map(
        (part) => parseAmount(decimalOf({ amountMinor: part, currency: code }), code) ?? -1,
      )
      const sum = (list: number[]) => list.reduce((all, each) => all + each, 0)
      assert.is(sum(read), sum(parts))
    }),
  )
})

test('what goes out is written as what came in, with its sign', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1 }), currency, (amountMinor, code) => {
      const [came, went] = [amountMinor, -amountMinor].map((minor) => ({
        amountMinor: minor,
        currency: code,
      }))
      assert.is(decimalOf(went!), `-${decimalOf(came!)}`)
    }),
  )
  const written = (amountMinor: number) =>
    ['JPY', 'EUR', 'KWD'].map((code) => decimalOf({ amountMinor, currency: code }))
  assert.equal(
    [written(5), written(-5)],
    [
      ['5', '0.05', '0.005'],
      ['-5', '-0.05', '-0.005'],
    ],
  )
})

test('more decimals than the currency has are no amount: nothing is rounded', () => {
  fc.assert(
    fc.property(amount, currency, (amountMinor, code) => {
      const text = decimalOf({ amountMinor, currency: code })
      assert.is(parseAmount(`${text}${exponentOf(code) === 0 ? '.' : ''}5`, code), null)
    }),
  )
})

test('no digit of an amount is lost or added where it is shown, in either language', () => {
  fc.assert(
    fc.property(amount, currency, fc.constantFrom('en', 'fr'), (amountMinor, code, locale) => {
      const shown = moneyText({ amountMinor, currency: code }, locale)
      const digits = shown.replace(/\D/g, '')
      assert.is(digits, decimalOf({ amountMinor, currency: code }).replace('.', ''))
    }),
  )
})

test('knows the decimals of ISO 4217 where browsers think otherwise', () => {
  const expected = { EUR: 2, JPY: 0, KRW: 0, KWD: 3, TND: 3, IQD: 3, HUF: 2, LBP: 2, MGA: 2, ISK: 0 }
  for (const [code, digits] of Object.entries(expected)) assert.is(exponentOf(code), digits, code)
  assert.is(moneyText({ amountMinor: 1234, currency: 'EUR' }, 'en'), '€12.34')
  assert.is(moneyText({ amountMinor: 1200, currency: 'EUR' }, 'en', true), '€12')
  assert.is(moneyText({ amountMinor: 1250, currency: 'EUR' }, 'en', true), '€12.50')
  assert.is(moneyText({ amountMinor: 500, currency: 'JPY' }, 'en'), '¥500')
  assert.match(moneyText({ amountMinor: 1234, currency: 'KWD' }, 'en'), '1.234')
  assert.match(moneyText({ amountMinor: 1234, currency: 'EUR' }, 'fr'), /^12,34\s€$/u)
  assert.match(moneyText({ amountMinor: 150_000, currency: 'LBP' }, 'en'), '1,500.00')
})

test('reads no amount out of what is none', () => {
  const texts = ['', ' ', '-1', '+1', '1e3', '0x10', '1.234', '1.', '.5', '1 000', '1,2,3', '٣', 'NaN', '12€']
  for (const text of texts) assert.is(parseAmount(text, 'EUR'), null, text)
  assert.is(parseAmount('1.5', 'JPY'), null)
  assert.is(parseAmount('1.234', 'KWD'), 1234)
  assert.is(parseAmount('90071992547409.92', 'EUR'), null)
  assert.is(parseAmount('90071992547409.91', 'EUR'), Number.MAX_SAFE_INTEGER)
})

test.run()
