import { defineProblem } from '../tokens.ts'

export const wrongCredentials = defineProblem({
  name: 'identity.wrong-credentials',
  status: 401,
  title: 'The name or the password is not right.',
})
export const secondFactorNeeded = defineProblem({
  name: 'identity.second-factor-needed',
  status: 401,
  title: 'One more step: confirm with your second factor.',
})
export const wrongCode = defineProblem({
  name: 'identity.wrong-code',
  status: 401,
  title: 'This code is not right, or was used already; wait for the next one.',
})
export const badTicket = defineProblem({
  name: 'identity.bad-ticket',
  status: 401,
  title: 'This took too long or was tried too often; please sign in again.',
})
/** 429 with Retry-After: too many failed tries for this account or from this address. */
export const slowDown = defineProblem({
  name: 'identity.slow-down',
  status: 429,
  title: 'Too many tries; wait a little and try again.',
})
export const confirmNeeded = defineProblem({
  name: 'identity.confirm-needed',
  status: 403,
  title: 'Please confirm that it is you.',
})
export const taken = defineProblem({
  name: 'identity.taken',
  status: 409,
  title: 'That name or address is already in use.',
})
export const weakPassword = defineProblem({
  name: 'identity.weak-password',
  status: 422,
  title: 'This password is too easy to guess.',
})
export const registrationClosed = defineProblem({
  name: 'identity.registration-closed',
  status: 403,
  title: 'This label does not take new registrations.',
})
export const invitationNeeded = defineProblem({
  name: 'identity.invitation-needed',
  status: 403,
  title: 'This label takes new members by invitation only.',
})
export const badInvitation = defineProblem({
  name: 'identity.bad-invitation',
  status: 403,
  title: 'This invitation is used up, has expired or was taken back.',
})
export const termsNeeded = defineProblem({
  name: 'identity.terms-needed',
  status: 422,
  title: 'Please agree to the terms first.',
})
/** Signing in while suspended: `reason` in the label's words, empty where none was given; `until`, null where open. */
export const suspended = defineProblem({
  name: 'identity.suspended',
  status: 403,
  title: 'This account is suspended; ask the label.',
})
export const badRefreshToken = defineProblem({
  name: 'identity.bad-refresh-token',
  status: 401,
  title: 'This session has ended; please sign in again.',
})
export const badLink = defineProblem({
  name: 'identity.bad-link',
  status: 403,
  title: 'This link has expired or was used already; ask for a new one.',
})
export const setUpDone = defineProblem({
  name: 'identity.set-up-done',
  status: 409,
  title: 'This site already has its owner; sign in instead.',
})
export const badSetUpLink = defineProblem({
  name: 'identity.bad-set-up-link',
  status: 403,
  title: 'This set-up link is not good; run `veza start` again to see the current one.',
})
export const lastWayIn = defineProblem({
  name: 'identity.last-way-in',
  status: 409,
  title: 'This is the only way into your account; add another one first.',
})
export const noTotp = defineProblem({
  name: 'identity.no-totp',
  status: 409,
  title: 'No authenticator app is set up; begin there first.',
})
export const totpOn = defineProblem({
  name: 'identity.totp-on',
  status: 409,
  title: 'An authenticator app is set up already; switch it off first to change it.',
})
export const badPasskey = defineProblem({
  name: 'identity.bad-passkey',
  status: 401,
  title: 'This passkey could not be checked; try again or use another way.',
})
export const usernameTooSoon = defineProblem({
  name: 'identity.username-too-soon',
  status: 409,
  title: 'A username can be changed once in 30 days.',
})
export const providerFailed = defineProblem({
  name: 'identity.provider-failed',
  status: 502,
  title: 'Signing in by that account did not work; try again or use another way.',
})
export const addressInUse = defineProblem({
  name: 'identity.address-in-use',
  status: 409,
  title:
    'There is an account with this address already; sign in to it and link the other one in its settings.',
})
export const linkedElsewhere = defineProblem({
  name: 'identity.linked-elsewhere',
  status: 409,
  title: 'That account is linked to somebody else here.',
})
export const addressBanned = defineProblem({
  name: 'identity.address-banned',
  status: 403,
  title: 'This address may not use the site at the moment.',
})
export const unknownRole = defineProblem({
  name: 'identity.unknown-role',
  status: 422,
  title: 'There is no such role.',
})
export const lastOwner = defineProblem({
  name: 'identity.last-owner',
  status: 409,
  title: 'This is the last owner; make somebody else owner first.',
})
/** Nobody gives or takes what they do not have themselves. */
export const aboveYou = defineProblem({
  name: 'identity.above-you',
  status: 403,
  title: 'This account or role may do more than you; ask somebody who may.',
})
export const builtInRole = defineProblem({
  name: 'identity.built-in-role',
  status: 409,
  title: 'This role belongs to the server and cannot be removed.',
})
export const badIssuer = defineProblem({
  name: 'identity.bad-issuer',
  status: 422,
  title: 'This issuer cannot be used.',
})
export const badPicture = defineProblem({
  name: 'identity.bad-picture',
  status: 422,
  title: 'This file is not a picture that can be used; take a JPEG, PNG, WebP or AVIF.',
})
