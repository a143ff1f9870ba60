import { z } from 'zod'
import { defineEvent } from '../tokens.ts'

const about = z.strictObject({ accountId: z.uuid() })

/** An account was opened, by whichever way. */
export const accountRegistered = defineEvent({ name: 'identity.account-registered', payload: about })
/** Name, shown name or picture changed: forget copies. */
export const accountRenamed = defineEvent({ name: 'identity.account-renamed', payload: about })
/** Suspended: sessions are ended already. */
export const accountSuspended = defineEvent({ name: 'identity.account-suspended', payload: about })
/** Deleted for good: plugins remove or anonymise what is the account's. */
export const accountDeleted = defineEvent({ name: 'identity.account-deleted', payload: about })
