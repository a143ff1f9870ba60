import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Visitor } from '../kit/browser.ts'
import { onStage, password } from './stage.ts'

const dialog = ({ page }: Visitor) => page.getByRole('dialog')
const button = ({ page }: Visitor, name: string) => page.getByRole('button', { name, exact: true })

test('takes care of members: finds one, gives a role, keeps them out and lets them back [AUTH-14]', () =>
  onStage(async ({ owner, member }) => {
    const [ada, ben] = [await owner(), await member('Ben')]
    await ada.goTo('/admin/members')
    await ada.page.getByLabel('Search').fill('ben')
    await ada.page.waitForURL(/q=ben/)
    await ada.page.getByRole('link', { name: 'Ben', exact: true }).click()
    await ada.sees('Chrome on Linux')

    await ada.page.getByRole('checkbox', { name: /^Artist/ }).check()
    await button(ada, 'Save the roles').click()
    await ada.sees('The roles are saved.')
    await ben.page.reload()
    await ben.sees(ben.page.getByRole('link', { name: 'Go live' }))

    await button(ada, 'Suspend').click()
    await dialog(ada).getByLabel('Reason').fill('Too loud')
    await dialog(ada).getByRole('button', { name: 'Suspend' }).click()
    await ada.sees('Reason: Too loud')
    ben.expects(/401|403/)
    await ben.goTo('/')
    await ben.sees(ben.page.getByRole('link', { name: 'Sign in' }).first())
    const login = () => ben.page.request.post('/api/v1/auth/login', { data: { login: 'ben', password } })
    assert.is((await login()).status(), 403)

    await button(ada, 'Lift the suspension').click()
    await ada.sees('Ben is active again.')
    assert.is((await login()).status(), 200)

    await button(ada, 'Delete the account').click()
    await dialog(ada).getByLabel('Type ben to go on.').fill('ben')
    await dialog(ada).getByRole('button', { name: 'Delete the account' }).click()
    await ada.sees('Ben was deleted.')
    assert.is((await login()).status(), 401)
  }))

test('makes a role in the matrix, invites with it, and proves that the log tells all [AUTH-14] [AUTH-15] [SEC-07]', () =>
  onStage(async ({ owner, visitor }) => {
    const ada = await owner()
    await ada.goTo('/admin/roles')
    await button(ada, 'Make a role').click()
    await dialog(ada).getByLabel('Title').fill('Crew')
    await dialog(ada).getByLabel('Name', { exact: true }).fill('crew')
    await dialog(ada).getByRole('button', { name: 'Make a role' }).click()
    await ada.page.getByRole('checkbox', { name: 'Crew: Go live on channels of one’s own' }).check()
    await ada.page.getByRole('checkbox', { name: 'Crew: Read, prove and export the audit log' }).check()
    await ada.sees('2 changes, not saved yet')
    await ada.sees('Crew may: Go live on channels of one’s own')
    await button(ada, 'Save the changes').click()
    await ada.sees('The roles are saved.')

    await ada.goTo('/admin/invitations')
    await button(ada, 'Invite somebody').click()
    await dialog(ada).getByLabel('Role').selectOption('crew')
    await dialog(ada).getByLabel('For whom').fill('The one at the door')
    await button(ada, 'Make the link').click()
    const link = await dialog(ada).getByLabel('Invitation link', { exact: true }).inputValue()
    await button(ada, 'Done').click()
    await ada.sees('The one at the door')

    const guest = await visitor('guest')
    await guest.page.goto(link)
    await guest.page.getByLabel('Username').fill('door')
    await guest.page.getByLabel('E-mail address').fill('door@listener.test')
    await guest.page.getByLabel('Password', { exact: true }).fill(password)
    await button(guest, 'Open the account').click()
    await guest.sees(guest.page.getByRole('button', { name: /^Account:/ }))

    // What the role allows of the administration, and nothing else of it.
    await guest.goTo('/admin')
    await guest.sees(guest.page.getByRole('heading', { name: 'Audit log' }))
    await button(guest, 'Prove the chain').click()
    await guest.sees(/^The chain is whole: \d+ entries/)
    const parts = guest.page.getByRole('navigation', { name: 'Admin' }).getByRole('link')
    assert.equal(await parts.allInnerTexts(), ['Audit log'])
    const exported = await guest.page.getByRole('link', { name: 'Export as CSV' }).getAttribute('href')
    assert.match(await (await guest.page.request.get(exported ?? '')).text(), 'role.created')
    await guest.page.getByLabel('What').selectOption('invitation.')
    await guest.missesOut(guest.page.getByText('role.created'))
    await guest.sees('invitation.created')
  }))

test.run()
