import type { Db } from '../server/db/types.ts'

/** Durable jobs, and when each scheduled job last had its tick. */
export async function up(db: Db): Promise<void> {
  await db.schema.createTable('jobs', (t) => {
    t.uuid('id').primary()
    t.string('name').notNullable()
    t.text('payload_json').notNullable()
    t.string('state').notNullable()
    t.integer('priority').notNullable()
    t.string('run_at').notNullable()
    t.integer('attempts').notNullable()
    t.integer('max_attempts').notNullable()
    t.string('key')
    t.string('lease_until')
    t.string('lease_owner')
    t.double('progress')
    t.text('progress_note')
    t.text('last_error')
    t.string('created_at').notNullable()
    t.string('started_at')
    t.string('finished_at')
  })
  // The order of the claim; knex has no word for a descending index.
  await db.raw('create index jobs_claim on jobs (state, priority desc, run_at, id)')
  await db.raw('create index jobs_due on jobs (state, run_at)')
  await db.raw(
    `create unique index jobs_waiting_key on jobs (name, "key") where state = 'waiting' and "key" is not null`,
  )
  await db.schema.createTable('job_schedules', (t) => {
    t.string('name').primary()
    t.string('last_tick_at').notNullable()
  })
}
