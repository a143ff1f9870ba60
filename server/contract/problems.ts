import { defineProblem } from './tokens.ts'

/** Refusals that any route may give. */
export const invalidInput = defineProblem({
  name: 'invalid-input',
  status: 422,
  title: 'Something in the request is not right.',
})
export const malformed = defineProblem({
  name: 'malformed',
  status: 400,
  title: 'The request could not be read.',
})
export const notSignedIn = defineProblem({
  name: 'not-signed-in',
  status: 401,
  title: 'Please sign in first.',
})
export const notAllowed = defineProblem({
  name: 'not-allowed',
  status: 403,
  title: 'Your account may not do this.',
})
export const crossOrigin = defineProblem({
  name: 'cross-origin',
  status: 403,
  title: 'The request came from another site.',
})
export const notFound = defineProblem({
  name: 'not-found',
  status: 404,
  title: 'There is nothing at this address.',
})
export const methodNotAllowed = defineProblem({
  name: 'method-not-allowed',
  status: 405,
  title: 'This address does not take that method.',
})
export const tooLarge = defineProblem({ name: 'too-large', status: 413, title: 'The request is too large.' })
export const unsupportedType = defineProblem({
  name: 'unsupported-type',
  status: 415,
  title: 'Send the body as application/json.',
})
export const wrongHost = defineProblem({
  name: 'wrong-host',
  status: 421,
  title: 'No site answers at this host name.',
})
export const tooMany = defineProblem({
  name: 'too-many-requests',
  status: 429,
  title: 'Too many requests; wait a little and try again.',
})
export const internal = defineProblem({
  name: 'internal',
  status: 500,
  title: 'Something broke on our side; it was logged.',
})
export const unavailable = defineProblem({
  name: 'unavailable',
  status: 503,
  title: 'This part is not available at the moment.',
})
export const conflict = defineProblem({
  name: 'conflict',
  status: 409,
  title: 'This is already taken or has changed meanwhile.',
})
export const storageFull = defineProblem({
  name: 'storage-full',
  status: 507,
  title: 'The disk is full; nothing was changed.',
})
