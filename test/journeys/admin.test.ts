import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Visitor } from '../kit/browser.ts'
import { type OpenStage, openStage, type Stage } from './stage.ts'

let stage: OpenStage
test.before(async () => {
  stage = await openStage()
})
test.after(() => stage?.close())
const onStage = (story: (open: Stage) => Promise<void>) => stage.play(story)

const tab = (person: Visitor, name: string) =>
  person.page.getByRole('navigation', { name: 'Admin' }).getByRole('link', { name, exact: true })

test('shows how the machine is and what was done [ADM-01]', () =>
  onStage(async ({ owner, member }) => {
    const ada = await owner()
    await ada.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Admin' }).click()
    await ada.sees(ada.page.getByRole('heading', { name: 'Health' }))
    await ada.sees('Everything is well.')
    await ada.sees(/^Running for .* as web, worker, ingest, on SQLite, Veza \d/)
    await ada.shoot('admin-overview')

    await tab(ada, 'Jobs').click()
    const filter = ada.page.getByLabel('Show jobs that are')
    await filter.selectOption('failed')
    await ada.sees('No jobs here')
    await filter.selectOption('')
    await ada.sees(ada.page.getByRole('heading', { name: 'No jobs here' }).or(ada.page.getByRole('table')))

    await tab(ada, 'Audit log').click()
    await ada.sees(ada.page.getByRole('table').or(ada.page.getByText('Nothing recorded yet')))
    await tab(ada, 'Mail').click()
    await ada.sees(ada.page.getByRole('table').or(ada.page.getByText('No mail so far')))

    const ben = await member('Ben')
    assert.is(await ben.page.getByRole('link', { name: 'Admin' }).count(), 0)
    await ben.goTo('/admin')
    await ben.sees('Your account may not open this page.')
  }))

test('switches a plugin off and on again while people are there [ADM-09]', () =>
  onStage(async ({ owner, visitor }) => {
    const [ada, guest] = [await owner(), await visitor('guest')]
    const chatLink = guest.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Chat' })
    assert.is(await guest.goTo('/chat'), 200)
    await guest.sees(chatLink)

    await ada.goTo('/admin/plugins')
    const toggle = ada.page.getByRole('switch', { name: 'Chat: on or off' })
    await toggle.click()
    await ada.shoot('admin-plugin-off')
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click()
    await ada.sees('Chat is off.')
    await ada.sees(ada.page.getByRole('switch', { name: 'Chat: on or off', checked: false }))
    await ada.missesOut(
      ada.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Chat' }),
    )

    guest.expects(/404 .*\/chat/)
    assert.is(await guest.goTo('/chat'), 404)
    await guest.sees('There is nothing at this address.')
    assert.is(await chatLink.count(), 0)
    assert.is((await guest.page.request.get('/api/v1/chat/rooms')).status(), 404)

    await toggle.click()
    await ada.sees('Chat is on.')
    assert.is(await guest.goTo('/chat'), 200)
    await guest.sees(chatLink)
    await guest.sees(guest.page.getByRole('log'))
  }))

test('keeps the label’s settings, for everybody and at once [ADM-10]', () =>
  onStage(async ({ owner, visitor }) => {
    const ada = await owner()
    await ada.goTo('/admin/settings')
    await ada.page.getByLabel('Name of the label').fill('Northern Lines')
    await ada.page.getByLabel('New accounts').selectOption('closed')
    await ada.page.getByRole('button', { name: 'Save' }).click()
    await ada.sees('Saved.')
    await ada.sees(ada.page.getByRole('link', { name: 'Northern Lines' }).first())

    const guest = await visitor('guest')
    await guest.goTo('/register')
    assert.match(await guest.page.title(), /Northern Lines/)
    await guest.sees('This label does not take new registrations at the moment.')
    const body = { username: 'guest', email: 'guest@listener.test', password: 'three small words' }
    const refused = await guest.page.request.post('/api/v1/auth/register', { data: body })
    assert.is(refused.status(), 403)

    await ada.page.getByLabel('Name of the label').fill(' ')
    await ada.page.getByRole('button', { name: 'Save' }).click()
    await ada.sees('Please fill this in.')
    await ada.page.reload()
    assert.is(await ada.page.getByLabel('Name of the label').inputValue(), 'Northern Lines')
  }))

test.run()
