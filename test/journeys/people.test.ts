import { readFile } from 'node:fs/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Visitor } from '../kit/browser.ts'
import { choosePicture, colourOf, redAndBlue } from './pictures.ts'
import {
  givePassword,
  isIn,
  isOut,
  type OpenStage,
  openAccount,
  openStage,
  type Stage,
  signIn,
} from './stage.ts'
import { setUpApp } from './ways-in.ts'

let stage: OpenStage
test.before(async () => {
  // A visitor may say so where they come from.
  stage = await openStage({ env: { VEZA_HTTP_TRUSTED_PROXIES: '127.0.0.1' } })
})
test.after(() => stage?.close())

let boss: Visitor | undefined
/** Plays with the owner at one browser, on the administration's pages. */
function story(name: string, tell: (open: Stage, ada: Visitor) => Promise<void>): void {
  test(name, () =>
    stage.play(async (open) => {
      boss ??= await open.owner()
      await tell(open, boss)
    }),
  )
}

story('takes new members by invitation only, with the role they come for [AUTH-14]', async (open, ada) => {
  const { page } = ada
  await ada.goTo('/admin/settings')
  await page.getByLabel('New accounts').selectOption('invitation')
  await page.getByRole('button', { name: 'Save' }).click()
  await ada.sees('Saved.')
  const stranger = await open.visitor('Stranger')
  await stranger.goTo('/register')
  await stranger.sees('This label takes new members by invitation.')
  assert.is(await stranger.page.getByLabel('Username').count(), 0)

  await ada.goTo('/admin/invitations')
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await page.getByLabel('Role').selectOption('moderator')
  await page.getByLabel('For whom').fill('Moira, who keeps the chat kind')
  await page.getByRole('button', { name: 'Make the link' }).click()
  const link = await page.getByRole('textbox', { name: 'Invitation link' }).inputValue()
  await page.getByRole('button', { name: 'Done' }).click()
  await ada.sees(page.getByRole('row').filter({ hasText: 'Moira' }).filter({ hasText: '0 of 1' }))

  const moira = await open.visitor('Moira')
  await moira.goTo(link)
  await moira.sees('Your account will have the role “Moderator”.')
  await moira.shoot('register-invited')
  await openAccount(moira, link)
  await stranger.goTo(link)
  await stranger.sees('This invitation is used up, has expired or was taken back.')

  await page.reload()
  await ada.sees(page.getByRole('row').filter({ hasText: 'Moira' }).filter({ hasText: 'used up' }))
  await openMember(ada, 'Moira')
  assert.ok(await page.getByRole('checkbox', { name: /^Moderator/ }).isChecked())
})

story(
  'makes a role of permissions, gives it, and has it ask for two factors [AUTH-15] [SEC-13]',
  async (open, ada) => {
    const { page } = ada
    const petra = await invited(open, 'Petra')
    assert.is(await petra.page.getByRole('link', { name: 'Admin' }).count(), 0)

    await ada.goTo('/admin/roles')
    await page.getByRole('button', { name: 'Make a role' }).click()
    const dialog = page.getByRole('dialog', { name: 'Make a role' })
    await dialog.getByLabel('Title').fill('Press')
    await dialog.getByLabel('Name', { exact: true }).fill('press')
    await dialog.getByRole('button', { name: 'Make a role' }).click()
    await page.getByRole('checkbox', { name: 'Press: Read, prove and export the audit log' }).check()
    await ada.sees('Press may: Read, prove and export the audit log')
    await ada.shoot('roles-matrix')
    await page.getByRole('button', { name: 'Save the changes' }).click()
    await ada.sees('The roles are saved.')
    await openMember(ada, 'Petra')
    await page.getByRole('checkbox', { name: /^Press/ }).check()
    await page.getByRole('button', { name: 'Save the roles' }).click()
    await ada.sees('The roles are saved.')
    await petra.goTo('/admin')
    await petra.sees(petra.page.getByRole('heading', { name: 'Audit log' }))

    await ada.goTo('/admin/roles')
    await page.getByRole('switch', { name: 'Press asks for two factors' }).click()
    await page.getByRole('button', { name: 'Save the changes' }).click()
    await ada.sees('The roles are saved.')
    await petra.goTo('/admin')
    await petra.sees('Your account may not open this page.')
    await petra.sees('Your role asks for a second step.')
    await petra.shoot('needs-second-factor')
    await setUpApp(petra)
    await petra.missesOut('Your role asks for a second step.')
    await petra.goTo('/admin')
    await petra.sees(petra.page.getByRole('heading', { name: 'Audit log' }))
  },
)

story(
  'suspends a member, who is out at once and told why, and lets them back in [ADM-02]',
  async (open, ada) => {
    const { page } = ada
    const sten = await invited(open, 'Sten')
    await sten.goTo('/chat/general')
    await isIn(sten)
    await openMember(ada, 'Sten')
    await page.getByRole('button', { name: 'Suspend' }).click()
    const dialog = page.getByRole('dialog', { name: 'Suspend Sten' })
    await dialog.getByLabel('For how long').selectOption({ label: 'For a week' })
    await dialog.getByLabel('Reason').fill('Sold tickets that were not his')
    await dialog.getByRole('button', { name: 'Suspend' }).click()
    await ada.sees('Sten is suspended.')
    await ada.shoot('member-suspended')
    await isOut(sten)
    sten.expects(/403 .*\/auth\/login/)
    await givePassword(sten, 'sten')
    await sten.sees(/Sold tickets that were not his/)

    await page.getByRole('button', { name: 'Lift the suspension' }).click()
    await ada.sees('Sten is active again.')
    await signIn(sten, 'sten')
  },
)

story('bans an address, and lifts the ban [SEC-07]', async (open, ada) => {
  const { page } = ada
  const guest = await open.visitor('guest from 203.0.113.9')
  await guest.page.setExtraHTTPHeaders({ 'x-forwarded-for': '203.0.113.9' })
  assert.is(await guest.goTo('/'), 200)
  await ada.goTo('/admin/addresses')
  await page.getByRole('button', { name: 'Add a rule' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Add a rule' })
  await dialog.getByLabel('Address or network').fill('203.0.113.8/30')
  await dialog.getByLabel('Reason').fill('Guesses passwords')
  await dialog.getByLabel('For how long').selectOption({ label: 'For a day' })
  await dialog.getByRole('button', { name: 'Add a rule' }).click()
  await ada.sees('The rule for 203.0.113.8/30 holds from now on.')
  const rule = page.getByRole('row').filter({ hasText: '203.0.113.8/30' })
  await ada.sees(rule.filter({ hasText: 'Guesses passwords' }))
  await ada.shoot('addresses')
  guest.expects(/403 /)
  assert.is(await guest.goTo('/'), 403)
  await rule.getByRole('button', { name: 'Remove' }).click()
  await ada.sees('The rule for 203.0.113.8/30 is gone.')
  assert.is(await guest.goTo('/'), 200)
})

story('finds what was done in the audit log, proves it, and takes it away [SEC-01]', async (_open, ada) => {
  const { page } = ada
  await ada.goTo('/admin/audit')
  await page.getByLabel('What', { exact: true }).selectOption({ label: 'Roles' })
  const table = page.getByRole('table', { name: 'Audit log' })
  await ada.sees(table.getByText('role.created'))
  await ada.missesOut(table.getByText('session.began').first())
  await page.getByRole('button', { name: 'Prove the chain' }).click()
  await ada.sees(/^The chain is whole: \d+ entries/)
  await ada.shoot('audit')
  const coming = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export as CSV' }).click()
  const [head, ...lines] = String(await readFile(await (await coming).path()))
    .trim()
    .split(/\r?\n/)
  assert.match(head ?? '', /action/)
  assert.ok(lines.length >= 2, `${lines.length} lines`)
  for (const line of lines) assert.match(line, /role\./)
})

story('puts an artist on the roster, whose page a manager keeps [PROF-07]', async (open, ada) => {
  const { page } = ada
  await ada.goTo('/artists')
  await page.getByRole('button', { name: 'Add an artist' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Add an artist' })
  await dialog.getByLabel('Name').fill('Long Shadows')
  await dialog.getByRole('button', { name: 'Add', exact: true }).click()
  await ada.sees('Long Shadows is on the roster.')
  const mona = await invited(open, 'Mona')
  assert.is(await edits(mona), 0)
  await page.getByLabel('Username').fill('mona')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await ada.sees(page.getByRole('link', { name: 'Mona' }))

  assert.is(await edits(mona), 1)
  await mona.page.getByRole('link', { name: 'Edit the page' }).click()
  await choosePicture(mona, await redAndBlue())
  await mona.page.getByRole('button', { name: 'Use this part' }).click()
  await mona.sees('The new picture is in place.')
  await mona.page.getByLabel('About the artist').fill('Two people and *one* tape machine.')
  await mona.page.getByRole('button', { name: 'Save', exact: true }).click()
  await mona.sees('The page is saved.')

  const guest = await open.visitor('guest')
  await guest.goTo('/artists')
  await guest.page.getByRole('link', { name: 'Long Shadows' }).click()
  await guest.sees(guest.page.locator('.prose em').filter({ hasText: 'one' }))
  const picture = guest.page.locator('.artist-head img.artist-picture')
  assert.is(await colourOf(picture), 'mixed')
  await guest.shoot('artist')
})

story('hides two members from each other when one blocks the other [PROF-09]', async (open) => {
  const [ines, ruth] = [await invited(open, 'Ines'), await invited(open, 'Ruth')]
  const { page } = ines
  const line = (text: string) => page.getByRole('log').getByText(text)
  await say(ines, 'Good evening')
  await say(ruth, 'Words nobody asked for')
  await ines.sees(line('Words nobody asked for'))

  await ines.goTo('/@ruth')
  await page.getByRole('button', { name: 'More about Ruth' }).click()
  await page.getByRole('menuitem', { name: 'Block' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Block' }).click()
  await ines.sees('You block Ruth.')
  await ines.goTo('/chat/general')
  await ines.sees(line('Good evening'))
  assert.is(await line('Words nobody asked for').count(), 0)
  ruth.expects(/404 .*\/(@|profiles\/)ines/)
  assert.is(await ruth.goTo('/@ines'), 404)
  await ruth.sees('There is nothing at this address.')
})

/** Somebody with an account, by a link that the command made: the label is closed to others. */
async function invited(open: Stage, name: string): Promise<Visitor> {
  const { code, stdout, stderr } = await open.server.cli(['invite', 'create', '--json'])
  assert.is(code, 0, stderr)
  const visitor = await open.visitor(name)
  await openAccount(visitor, (JSON.parse(stdout) as { url: string }).url)
  return visitor
}

/** Finds a member in the list, and opens their page. */
async function openMember(ada: Visitor, name: string): Promise<void> {
  await ada.goTo('/admin/members')
  await ada.page.getByLabel('Search', { exact: true }).fill(name.toLowerCase())
  await ada.page.getByRole('link', { name, exact: true }).click()
  await ada.sees(ada.page.getByRole('heading', { level: 1, name }))
}

async function say(visitor: Visitor, text: string): Promise<void> {
  await visitor.goTo('/chat/general')
  await visitor.page.getByRole('textbox', { name: 'Message to' }).fill(text)
  await visitor.page.getByRole('button', { name: 'Send', exact: true }).click()
  await visitor.sees(visitor.page.getByRole('log').getByText(text, { exact: true }))
}

/** How many ways to edit the artist's page it shows. */
async function edits(visitor: Visitor): Promise<number> {
  await visitor.goTo('/artists/long-shadows')
  await visitor.sees(visitor.page.getByRole('heading', { level: 1, name: 'Long Shadows' }))
  return visitor.page.getByRole('link', { name: 'Edit the page' }).count()
}

test.run()
