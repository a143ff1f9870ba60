import * as contract from './contract.ts'
import type { Desk } from './desk.ts'
import { insertFolder, listFolders, removeFolder, updateFolder } from './folders.ts'

/** An account's own folders. */
export function registerFolderRoutes({ ctx: { router, db } }: Desk): void {
  router.handle(contract.listFolders, async (_input, call) => ({ items: await listFolders(db, call.me.id) }))
  router.handle(contract.createFolder, ({ body }, call) =>
    db.tx((db) => insertFolder(db, call.me.id, body.name)),
  )
  router.handle(contract.updateFolder, ({ params, body }, call) =>
    db.tx((db) => updateFolder(db, call.me.id, params.id, body.name)),
  )
  router.handle(contract.removeFolder, ({ params }, call) => removeFolder(db, call.me.id, params.id))
}
