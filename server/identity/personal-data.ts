import { listAuditOf } from '../audit/index.ts'
import type { Db } from '../db/index.ts'
import { type AccountRow, rolesOf } from './accounts.ts'
import { listConsentsOf } from './consents.ts'
import { deviceName } from './devices.ts'
import type { SessionRow } from './sessions.ts'

/** What the server itself knows of an account, by the name of its file. No hash and no secret is among it. */
export async function serverData(db: Db, account: AccountRow): Promise<Record<string, unknown>> {
  return {
    'account.json': await accountData(db, account),
    'sessions.json': await sessionData(db, account.id),
    'consents.json': await listConsentsOf(db, account.id),
    'audit.json': await auditData(db, account.id),
  }
}

async function accountData(db: Db, account: AccountRow): Promise<unknown> {
  const { id, email, username, displayName, status, createdAt, emailVerifiedAt } = account
  const { language, timeZone, theme, preferencesJson, suspendedReason, suspendedUntil } = account
  const of = (table: string, ...columns: string[]) => db(table).where({ accountId: id }).select(columns)
  const totp: { confirmedAt: string | null }[] = await of('totp_secrets', 'confirmed_at')
  return {
    id,
    email,
    username,
    displayName,
    status,
    roles: await rolesOf(db, id),
    createdAt,
    emailVerifiedAt,
    formerUsernames: await of('former_usernames', 'username', 'changed_at'),
    formerEmails: await of('former_emails', 'email', 'kept_until'),
    language,
    timeZone,
    theme,
    preferences: preferencesJson,
    suspension: status === 'suspended' ? { reason: suspendedReason, until: suspendedUntil } : null,
    authenticatorAppSince: totp[0]?.confirmedAt ?? null,
    recoveryCodesLeft: (await of('recovery_codes', 'account_id')).length,
    passkeys: await of('passkeys', 'name', 'created_at', 'used_at'),
    otherAccounts: await of('external_identities', 'provider', 'subject', 'email', 'created_at', 'used_at'),
    appPasswords: await of('app_passwords', 'name', 'scopes_json', 'created_at', 'used_at'),
  }
}

async function sessionData(db: Db, accountId: string): Promise<unknown> {
  const rows: SessionRow[] = await db<SessionRow>('sessions').where({ accountId }).orderBy('id')
  return rows.map(({ userAgent, address, methodsJson, createdAt, seenAt, expiresAt }) => ({
    device: deviceName(userAgent),
    userAgent,
    address,
    methods: methodsJson,
    createdAt,
    seenAt,
    expiresAt,
  }))
}

/** Who of the label did something to the account, and where they sat, is theirs. */
async function auditData(db: Db, accountId: string): Promise<unknown> {
  const rows = await listAuditOf(db, accountId)
  return rows.map(({ at, action, actorId, subject, address, detailJson }) => {
    const isOwn = actorId === null || actorId === accountId
    return {
      at,
      action,
      by: actorId === null ? 'system' : isOwn ? 'you' : 'label',
      subject: subject === accountId ? 'this account' : subject,
      address: isOwn ? address : null,
      detail: detailJson,
    }
  })
}
