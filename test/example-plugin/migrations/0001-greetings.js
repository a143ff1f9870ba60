/** One row a greeting. */
export async function up(db) {
  await db.schema.createTable('example_greetings', (t) => {
    t.uuid('id').primary()
    t.string('greeted_at').notNullable()
  })
}
