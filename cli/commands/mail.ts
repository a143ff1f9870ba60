import { Id } from '#contract'
import { listOutbox, readMail } from '../../server/mail/index.ts'
import { withSite } from '../appliance.ts'
import type { CommandRun } from '../command.ts'
import { readFlag } from '../flags.ts'
import { print, table } from '../output.ts'

/** `veza mail list`: without the texts, whose links let people in. */
export const list: CommandRun = async (options) => {
  const { items, next } = await withSite(options, ({ database }) => listOutbox(database.db, { limit: 100 }))
  const rows = items.map((mail) => [mail.id, mail.createdAt, mail.state, mail.toAddress, mail.subject])
  print(
    options,
    { items: items.map(({ toAddress, text: _text, ...mail }) => ({ ...mail, to: toAddress })), next },
    rows.length === 0 ? 'There are no mails.' : table(['ID', 'MADE', 'STATE', 'TO', 'SUBJECT'], rows),
  )
}

/** `veza mail show ID` */
export const show: CommandRun = async (options, [wanted]) => {
  const id = readFlag(Id, wanted, 'id')
  const { toAddress, ...mail } = await withSite(options, ({ database }) => readMail(database.db, id))
  const state = mail.lastError ? `${mail.state} (${mail.lastError})` : mail.state
  print(
    options,
    { ...mail, to: toAddress },
    `To:      ${toAddress}\nSubject: ${mail.subject}\nMade:    ${mail.createdAt}\nState:   ${state}\n\n${mail.text}`,
  )
}
