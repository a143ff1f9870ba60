import type { Db } from '../../types.ts'

export async function up(db: Db): Promise<void> {
  await db.schema.createTable('second', (t) => t.integer('n').notNullable())
  await db('second').insert({ n: 0 })
}
