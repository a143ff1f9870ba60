import type { Call } from '#sdk'
import type { BookFilter } from './books.ts'
import { type BookPage, type BookPayment, managePermission } from './contract.ts'
import type { Desk } from './desk.ts'
import { listEntries } from './ledger.ts'
import type { PaymentRow } from './payments.ts'
import { kindOf, listRefunds } from './refunds.ts'

const idShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The filters with the member that is meant: by id, also of one who is suspended, or by name. */
export async function filterOf(
  { ctx }: Desk,
  { member, ...rest }: Omit<BookFilter, 'payerId'> & { member?: string | undefined },
): Promise<BookFilter> {
  if (!member) return rest
  if (idShape.test(member)) return { ...rest, payerId: member.toLowerCase() }
  const person = await ctx.accounts.byUsername(member.replace(/^@/, ''))
  return { ...rest, payerId: person?.id ?? null }
}

/** Rows with who paid them. */
export async function presentBooks({ ctx }: Desk, rows: readonly PaymentRow[]): Promise<BookPayment[]> {
  const people = await ctx.accounts.byIds([...new Set(rows.flatMap(({ payerId }) => payerId ?? []))])
  return rows.map(({ idempotencyKey: _key, payerId, back: _back, ...row }) => {
    const person = payerId === null ? undefined : people.get(payerId)
    const payer = person
      ? { id: person.id, username: person.username, displayName: person.displayName }
      : null
    return { ...row, payer }
  })
}

/** One payment with all that is known of it. */
export async function presentPage(
  desk: Desk,
  row: PaymentRow,
  call: Pick<Call, 'can' | 'language'>,
): Promise<BookPage> {
  const { db, accounts } = desk.ctx
  const [payment] = await presentBooks(desk, [row])
  const refunds = await listRefunds(db, row.id)
  const actors = await accounts.byIds([...new Set(refunds.flatMap(({ actorId }) => actorId ?? []))])
  const entries = await listEntries(db, row.id)
  return {
    ...payment!,
    purposeTitle: purposeTitle(desk, row.purpose, call.language),
    subject: await subjectOf(desk, row, call.language),
    refunds: refunds.map((refund) => ({
      id: refund.id,
      amountMinor: refund.amountMinor,
      kind: kindOf(refund),
      reason: refund.reason,
      by: (refund.actorId && actors.get(refund.actorId)?.displayName) || null,
      createdAt: refund.createdAt,
      returnedAt: refund.returnedAt,
    })),
    entries: entries.map(({ paymentId: _payment, currency: _currency, ...entry }) => entry),
    can: { refund: row.status === 'paid' && call.can(managePermission) },
  }
}

/** In words where the plugin is there, else the word it uses. */
export function purposeTitle({ purposes }: Desk, name: string, language: string): string {
  const title = purposes.get(name)?.title
  return title?.[language === 'fr' ? 'fr' : 'en'] ?? name
}

async function subjectOf(
  { purposes }: Desk,
  { purpose, subjectId }: PaymentRow,
  language: string,
): Promise<BookPage['subject']> {
  const described = await purposes.get(purpose)?.describe([subjectId], language)
  return described?.get(subjectId) ?? null
}
