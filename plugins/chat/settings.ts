import { z } from '#contract'

/** What the label may set. */
export const ChatSettings = z.strictObject({
  /** Messages one account may send to one room in ten seconds. */
  perTenSeconds: z.number().int().min(1).max(100).default(8),
  /** Whether people without an account may read. */
  guestsMayRead: z.boolean().default(true),
})
export type ChatSettings = z.infer<typeof ChatSettings>
