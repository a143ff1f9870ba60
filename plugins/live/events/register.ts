import { identity } from '#contract'
import type { Desk } from '../desk.ts'
import { handleCalendars } from './calendar-routes.ts'
import { followStreams } from './link.ts'
import { renderSetPages } from './pages.ts'
import { handleReminders } from './remind.ts'
import { handleReminderWishes } from './reminder-routes.ts'
import { removeRemindersOf } from './reminders.ts'
import { handleSets } from './routes.ts'

/** Planned sets: routes, pages, calendars, mails, and the streams that they become. */
export function registerSets(desk: Desk): void {
  const { events, db } = desk.ctx
  handleSets(desk)
  handleCalendars(desk)
  handleReminderWishes(desk)
  handleReminders(desk.ctx)
  followStreams(desk)
  renderSetPages(desk)
  events.on(identity.accountDeleted, 'live.forget-reminders', ({ accountId }) =>
    removeRemindersOf(db, accountId),
  )
}
