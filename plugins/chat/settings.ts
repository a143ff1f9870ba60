import { z } from '#contract'

/** What the label may set. */
export const ChatSettings = z.strictObject({
  perTenSeconds: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(8)
    .describe('Messages that one account may send to one room in ten seconds'),
  guestsMayRead: z.boolean().default(true).describe('People without an account may read open rooms'),
})
export type ChatSettings = z.infer<typeof ChatSettings>
