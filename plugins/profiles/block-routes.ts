import { type Account, problem } from '#sdk'
import {
  type BlockKind,
  blocksBetween,
  countBlocks,
  hiddenFrom,
  insertBlock,
  listBlocks,
  removeBlock,
} from './blocks.ts'
import {
  blockMember,
  blocksChanged,
  listBlocks as listBlocksRoute,
  muteMember,
  type ProfilesApi,
  tooManyBlocks,
  unblockMember,
  unmuteMember,
  yourself,
} from './contract.ts'
import { type Desk, getPerson } from './desk.ts'

const mostBlocks = 1000

/** Blocking and muting; done twice changes nothing. */
export function handleBlocks(desk: Desk): void {
  const { router, db, accounts } = desk.ctx

  router.handle(listBlocksRoute, async ({ query }, call) => {
    const page = await listBlocks(db, call.me.id, query)
    const people = await accounts.byIds(page.items.map(({ otherId }) => otherId))
    const items = page.items.flatMap(({ id, kind, otherId, createdAt }) => {
      const person = people.get(otherId)
      return person ? [{ id, kind, person, createdAt }] : []
    })
    return { items, next: page.next }
  })

  for (const [kind, put, remove] of [
    ['block', blockMember, unblockMember],
    ['mute', muteMember, unmuteMember],
  ] as const) {
    router.handle(put, async ({ params }, call) => {
      await begin(desk, call.me, kind, (await getPerson(desk, params.username)).id)
    })
    router.handle(remove, async ({ params }, call) => {
      await end(desk, call.me, kind, (await getPerson(desk, params.username)).id)
    })
  }
}

/** For other plugins. */
export function blockQuestions({ ctx: { db } }: Desk): Pick<ProfilesApi, 'hiddenFrom' | 'isBlocked'> {
  return {
    hiddenFrom: (accountId) => hiddenFrom(db, accountId),
    isBlocked: async (a, b) => (await blocksBetween(db, a, b)).some(({ kind }) => kind === 'block'),
  }
}

async function begin({ ctx }: Desk, me: Account, kind: BlockKind, otherId: string): Promise<void> {
  if (otherId === me.id) throw problem(yourself)
  const pair = { accountId: me.id, otherId, kind }
  await ctx.db.tx(async (db) => {
    if (!(await insertBlock(db, pair))) return
    if ((await countBlocks(db, me.id)) > mostBlocks) throw problem(tooManyBlocks)
    const action = kind === 'block' ? 'profiles.member-blocked' : 'profiles.member-muted'
    await ctx.audit.record(db, { action, actor: me, subject: otherId })
    await ctx.events.emit(db, blocksChanged, { accountId: me.id, otherId })
  })
}

async function end({ ctx }: Desk, me: Account, kind: BlockKind, otherId: string): Promise<void> {
  await ctx.db.tx(async (db) => {
    if (!(await removeBlock(db, { accountId: me.id, otherId, kind }))) return
    const action = kind === 'block' ? 'profiles.member-unblocked' : 'profiles.member-unmuted'
    await ctx.audit.record(db, { action, actor: me, subject: otherId })
    await ctx.events.emit(db, blocksChanged, { accountId: me.id, otherId })
  })
}
