import { defineProblem } from '#contract'

export const closed = defineProblem({
  name: 'payments.closed',
  status: 409,
  title: 'Nothing can be paid here at the moment.',
})
export const wrongAmount = defineProblem({
  name: 'payments.wrong-amount',
  status: 422,
  title: 'This amount cannot be paid here.',
})
export const wrongCurrency = defineProblem({
  name: 'payments.wrong-currency',
  status: 422,
  title: 'This currency is not taken here.',
})
export const keyNeeded = defineProblem({
  name: 'payments.key-needed',
  status: 400,
  title: 'Send an Idempotency-Key of 1 to 64 letters, digits, - and _, made anew for each payment.',
})
export const keyReused = defineProblem({
  name: 'payments.key-reused',
  status: 409,
  title: 'This Idempotency-Key was used for something else; send a new one.',
})
export const notPaid = defineProblem({
  name: 'payments.not-paid',
  status: 409,
  title: 'Only what was paid can be paid back.',
})
export const tooMuch = defineProblem({
  name: 'payments.too-much',
  status: 409,
  title: 'That is more than is left of the payment; look again and give at most the rest.',
})
export const badSignature = defineProblem({
  name: 'payments.bad-signature',
  status: 401,
  title: 'The signature does not fit, or is too old.',
})
export const providerFailed = defineProblem({
  name: 'payments.provider-failed',
  status: 503,
  title: 'The payment service does not answer; try again in a moment. Nothing was charged.',
})
