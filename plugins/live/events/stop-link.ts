import type { LiveContext } from '../settings.ts'

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const shape = new RegExp(`^(${uuid})\\.(${uuid})\\.([\\w-]{22,43})$`)

interface Which {
  accountId: string
  channelId: string
}
const signed = ({ accountId, channelId }: Which) => `${accountId}.${channelId}`

/** Where the mails of one channel are stopped, without signing in: whoever holds the mail may. */
export function stopLink({ site, signer }: LiveContext, slug: string, which: Which): string {
  const token = `${signed(which)}.${signer.sign('live-mails', signed(which))}`
  return `${site.url}/live/${slug}/reminders#token=${token}`
}

/** Null for one that was not made here. */
export function readStopToken({ signer }: Pick<LiveContext, 'signer'>, token: string): Which | null {
  const [, accountId, channelId, signature] = shape.exec(token) ?? []
  if (!accountId || !channelId || !signature) return null
  return signer.verify('live-mails', signed({ accountId, channelId }), signature)
    ? { accountId, channelId }
    : null
}
