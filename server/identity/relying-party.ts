/** Whom passkeys of a site are made for: its host name, and the origin its pages have. */
interface RelyingParty {
  rpId: string
  origin: string
}

/**
 * The relying party of a site's address. Browsers take no IP address as one: a site tried out on loopback has its
 * passkeys at `localhost`.
 */
export function relyingPartyOf(siteUrl: string): RelyingParty {
  const url = new URL(siteUrl)
  if (/^127\.|^\[::1\]$/.test(url.hostname)) url.hostname = 'localhost'
  return { rpId: url.hostname, origin: url.origin }
}
