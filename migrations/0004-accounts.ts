import type { Db } from '../server/db/types.ts'

/** Factors, links, roles, invitations, providers, address rules, consents; audit entries get their chain. */
export async function up(db: Db): Promise<void> {
  await alterAccounts(db)
  await makeSessions(db)
  await makeFactors(db)
  await makeDoors(db)
  await makeRoles(db)
  await makePrivacy(db)
  await chainAudit(db)
}

async function alterAccounts(db: Db): Promise<void> {
  await db.schema.alterTable('accounts', (t) => {
    t.string('email_verified_at')
    t.string('avatar_key')
    t.string('language', 5)
    t.string('time_zone', 60)
    t.string('theme', 10)
    t.string('username_changed_at')
    t.string('suspended_reason', 500)
    t.string('suspended_until')
    t.string('leaves_at')
    t.text('preferences_json').notNullable().defaultTo('{}')
  })
  await db('accounts').update({ emailVerifiedAt: db.ref('created_at') })
  // Old names lead to the account and stay taken.
  await db.schema.createTable('former_usernames', (t) => {
    t.string('username').primary()
    t.uuid('account_id').notNullable().references('id').inTable('accounts').onDelete('CASCADE').index()
    t.string('changed_at').notNullable()
  })
  // An address somebody changed from is kept for them as long as they may undo that.
  await db.schema.createTable('former_emails', (t) => {
    t.string('email').primary()
    t.uuid('account_id').notNullable().references('id').inTable('accounts').onDelete('CASCADE').index()
    t.string('kept_until').notNullable()
  })
}

/** Sessions are made anew: their tokens are of another kind now, everybody signs in once more. */
async function makeSessions(db: Db): Promise<void> {
  await db.schema.dropTable('sessions')
  await db.schema.createTable('sessions', (t) => {
    t.uuid('id').primary()
    t.uuid('account_id').notNullable().references('id').inTable('accounts').onDelete('CASCADE').index()
    t.string('cookie_hash').notNullable().unique()
    t.string('refresh_hash').notNullable()
    t.text('methods_json').notNullable()
    t.boolean('has_second_factor').notNullable()
    t.string('user_agent').notNullable()
    t.string('address').notNullable()
    t.string('created_at').notNullable()
    t.string('seen_at').notNullable()
    // When its holder last proved who they are.
    t.string('confirmed_at').notNullable()
    t.string('expires_at').notNullable().index()
  })
  // Public keys of access tokens; the private half is sealed.
  await db.schema.createTable('signing_keys', (t) => {
    t.string('id').primary()
    t.text('public_json').notNullable()
    t.text('private_key').notNullable()
    t.string('created_at').notNullable()
    // Signs until, is shown until.
    t.string('retired_at')
    t.string('expires_at')
  })
}

async function makeFactors(db: Db): Promise<void> {
  await db.schema.createTable('totp_secrets', (t) => {
    t.uuid('account_id').primary().references('id').inTable('accounts').onDelete('CASCADE')
    t.text('secret').notNullable()
    t.string('confirmed_at')
    // The last time step a code was taken of; none before it is taken again (RFC 6238, section 5.2).
    t.integer('last_step').notNullable().defaultTo(0)
    t.string('created_at').notNullable()
  })
  await db.schema.createTable('recovery_codes', (t) => {
    t.uuid('account_id').notNullable().references('id').inTable('accounts').onDelete('CASCADE')
    t.string('code_hash').notNullable()
    t.primary(['account_id', 'code_hash'])
  })
  await db.schema.createTable('passkeys', (t) => {
    t.uuid('id').primary()
    t.uuid('account_id').notNullable().references('id').inTable('accounts').onDelete('CASCADE').index()
    t.text('credential_id').notNullable().unique()
    t.text('public_key').notNullable()
    t.bigInteger('sign_count').notNullable()
    t.text('transports_json').notNullable()
    t.string('name', 60).notNullable()
    t.string('created_at').notNullable()
    t.string('used_at')
  })
  await db.schema.createTable('app_passwords', (t) => {
    t.uuid('id').primary()
    t.uuid('account_id').notNullable().references('id').inTable('accounts').onDelete('CASCADE').index()
    t.string('name', 60).notNullable()
    t.text('scopes_json').notNullable()
    // Sealed, not hashed: some protocols prove it without sending it.
    t.text('secret').notNullable()
    t.string('created_at').notNullable()
    t.string('used_at')
  })
}

async function makeDoors(db: Db): Promise<void> {
  // Whatever is good once and for a while: mailed links, second steps, challenges, states of OAuth.
  await db.schema.createTable('tickets', (t) => {
    t.string('hash').primary()
    t.string('purpose', 30).notNullable()
    t.uuid('account_id').references('id').inTable('accounts').onDelete('CASCADE').index()
    t.text('payload_json').notNullable()
    t.integer('tries').notNullable().defaultTo(0)
    t.string('created_at').notNullable()
    t.string('expires_at').notNullable().index()
  })
  await db.schema.createTable('throttles', (t) => {
    t.string('key').primary()
    t.integer('failures').notNullable()
    t.string('failed_at').notNullable()
    t.string('closed_until').notNullable()
  })
  // Which accounts were tried in vain from where; whoever tries very many is banned for a while.
  await db.schema.createTable('failed_sign_ins', (t) => {
    t.string('address', 50).notNullable()
    t.string('name_hash').notNullable()
    t.string('failed_at').notNullable().index()
    t.primary(['address', 'name_hash'])
  })
  await db.schema.createTable('identity_providers', (t) => {
    t.string('name', 30).primary()
    t.string('kind', 10).notNullable()
    t.string('title', 60).notNullable()
    t.string('client_id', 300).notNullable()
    t.text('client_secret')
    t.string('issuer', 500)
    t.boolean('is_enabled').notNullable()
    t.string('created_at').notNullable()
  })
  await db.schema.createTable('external_identities', (t) => {
    t.uuid('id').primary()
    t.uuid('account_id').notNullable().references('id').inTable('accounts').onDelete('CASCADE').index()
    t.string('provider', 30).notNullable()
    t.string('issuer', 500).notNullable()
    t.string('subject', 255).notNullable()
    t.string('email', 254)
    t.string('created_at').notNullable()
    t.string('used_at')
    t.unique(['issuer', 'subject'])
  })
  await db.schema.createTable('invitations', (t) => {
    t.uuid('id').primary()
    t.string('token_hash').notNullable().unique()
    t.string('role', 40).notNullable()
    t.string('note', 200).notNullable()
    t.integer('max_uses').notNullable()
    t.integer('uses').notNullable().defaultTo(0)
    t.string('expires_at')
    t.uuid('created_by')
    t.string('created_by_name')
    t.string('created_at').notNullable()
  })
  await db.schema.createTable('address_rules', (t) => {
    t.uuid('id').primary()
    t.string('network', 50).notNullable()
    t.string('kind', 5).notNullable()
    t.string('reason', 300).notNullable()
    t.string('until_at')
    t.string('created_at').notNullable()
    t.unique(['network', 'kind'])
  })
}

async function makeRoles(db: Db): Promise<void> {
  await db.schema.createTable('roles', (t) => {
    t.string('name', 40).primary()
    t.string('title', 60).notNullable()
    t.boolean('is_built_in').notNullable()
    t.boolean('needs_second_factor').notNullable()
    t.string('created_at').notNullable()
  })
  // Differences from what plugins declare for a role of the server; everything of a role made here.
  await db.schema.createTable('role_permissions', (t) => {
    t.string('role', 40).notNullable().references('name').inTable('roles').onDelete('CASCADE')
    t.string('permission', 80).notNullable()
    t.boolean('is_allowed').notNullable()
    t.primary(['role', 'permission'])
  })
}

async function makePrivacy(db: Db): Promise<void> {
  await db.schema.createTable('consents', (t) => {
    t.uuid('id').primary()
    t.uuid('account_id').notNullable().references('id').inTable('accounts').onDelete('CASCADE').index()
    t.string('kind', 10).notNullable()
    t.string('version', 64).notNullable()
    t.string('given_at').notNullable()
    t.string('withdrawn_at')
    t.string('address').notNullable()
  })
  await db.schema.createTable('data_exports', (t) => {
    t.uuid('id').primary()
    t.uuid('account_id').notNullable().references('id').inTable('accounts').onDelete('CASCADE').index()
    t.string('state', 10).notNullable()
    t.string('storage_key')
    t.bigInteger('size_bytes')
    t.string('created_at').notNullable()
    t.string('expires_at')
  })
}

async function chainAudit(db: Db): Promise<void> {
  await db.schema.alterTable('audit_entries', (t) => {
    t.bigInteger('seq').unique()
    t.string('hash', 64)
    t.string('address')
    t.string('request_id')
  })
  await db.schema.alterTable('audit_entries', (t) => {
    t.index(['subject', 'id'])
    t.index(['actor_id', 'id'])
  })
  // One row: where the chain ends, and where it begins after old entries were let go.
  await db.schema.createTable('audit_head', (t) => {
    t.integer('id').primary()
    t.bigInteger('seq').notNullable()
    t.string('hash', 64).notNullable()
    t.bigInteger('first_seq').notNullable()
    t.string('first_hash', 64).notNullable()
    t.string('seal', 100).notNullable()
  })
}
