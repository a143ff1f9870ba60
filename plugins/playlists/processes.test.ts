import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Doc } from 'yjs'
import { newId } from '#sdk'
import { type TestAccount, testApp } from '../../test/kit/app.ts'
import { insertPlaces, placesOf } from './contract.ts'
import playlists from './index.ts'
import {
  type Frame,
  isEdited,
  joinList,
  newList,
  openApp,
  replica,
  trackIdsOf,
  updateOf,
} from './testdata/kit.ts'
import { shelfPlugin } from './testdata/shelf.ts'

const processes = suite('live editing in two processes')
processes(
  'updates of one playlist by both at once are all kept, and each hears of the other’s [LIST-07]',
  async () => {
    const environment = {
      VEZA_DATABASE_SCHEMA: `t${newId().slice(-10).replace(/-/g, '')}`,
      VEZA_REDIS_URL: process.env.VEZA_TEST_REDIS_URL ?? '',
      VEZA_REDIS_PREFIX: `p${process.pid}`,
    }
    const context = await openApp({ kind: 'postgres', environment })
    const { app, shelf, ann, ben } = context
    const plugins = [shelfPlugin(shelf), playlists]
    const second = await testApp({ kind: 'postgres', environment, plugins, dataDir: app.dataDir })
    const list = await newList(context, { withBen: true })
    const heard = await joinList(second, list, ben)
    const track = shelf.add('both')
    const [annDoc, benDoc] = [
      await replica(context, ann, list.id),
      await replica({ app: second }, ben, list.id),
    ]
    const send = async (where: typeof app, as: TestAccount, doc: Doc, at: number) => {
      const update = updateOf(doc, (doc) => insertPlaces(doc, [{ id: newId(), trackId: track }], at))
      const answer = await where.request(`/api/v1/playlists/${list.id}/document`, {
        method: 'POST',
        headers: { cookie: as.cookie, 'content-type': 'application/octet-stream' },
        body: update as never,
      })
      assert.is(answer.status, 200)
    }
    const edits = async (where: typeof app, as: TestAccount, doc: Doc) => {
      for (let at = 0; at < 15; at++) await send(where, as, doc, at)
    }
    await Promise.all([edits(app, ann, annDoc), edits(second, ben, benDoc)])
    await replica(context, ann, list.id, annDoc)
    await replica({ app: second }, ben, list.id, benDoc)
    assert.is(placesOf(annDoc).length, 33)
    assert.equal(placesOf(annDoc), placesOf(benDoc))
    assert.equal(
      await trackIdsOf(second, ben, list.id),
      placesOf(annDoc).map(({ trackId }) => trackId),
    )
    await heard.socket.until((frame) => isEdited(frame) && (frame.data as Frame).version === 31)
    const versions = heard.told.filter(isEdited).map(({ data }) => (data as Frame).version as number)
    assert.equal(
      versions.sort((a, b) => a - b),
      Array.from({ length: 30 }, (_none, at) => at + 2),
    )
    heard.socket.close()
    await second.appliance.stop()
    await app.close()
  },
)
processes.run()
