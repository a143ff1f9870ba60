import type { Visitor } from '../kit/browser.ts'
import { type ClockSeen, readClock } from '../kit/time-code.ts'
import { eventually } from '../kit/wait.ts'

/** What goes into an encoder. */
export interface Keyed {
  url: string
  key: string
}

/** A card of the desk, by its title. */
export const card = ({ page }: Visitor, title: string) =>
  page
    .locator('section.card')
    .filter({ has: page.getByRole('heading', { level: 2, name: title, exact: true }) })

export async function say(person: Visitor, text: string): Promise<void> {
  await person.page.getByRole('textbox', { name: 'Message to' }).fill(text)
  await person.page.getByRole('button', { name: 'Send', exact: true }).click()
}

export const log = ({ page }: Visitor) => page.getByRole('log')

/** The clock in the picture, as soon as it is one that `isWanted`. */
export function seesClock(
  person: Visitor,
  what: string,
  isWanted: (seen: ClockSeen) => boolean,
  selector?: string,
): Promise<ClockSeen> {
  return eventually(`${person.name} to see ${what}`, async () => {
    const seen = await readClock(person.page, selector)
    // Older than the evening: a picture on its way to the next, whose sum fits by chance.
    return seen && seen.delayMs < 3_600_000 && isWanted(seen) ? seen : null
  })
}
