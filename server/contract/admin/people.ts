import { z } from 'zod'
import { DisplayName, Email, LinkToken, Username } from '../identity/account.ts'
import { defineRoute } from '../route.ts'
import { Id, PageQuery, pageOf, Time } from '../values.ts'

const manage = { permission: 'identity.manage-accounts' }
const invite = { permission: 'identity.invite' }

export const AccountStatus = z.enum(['active', 'suspended', 'leaving', 'deleted'])
export type AccountStatus = z.infer<typeof AccountStatus>

/** An account as who runs the label sees it. */
export const AccountView = z.strictObject({
  id: Id,
  email: z.string(),
  username: z.string(),
  displayName: z.string(),
  avatarUrl: z.string().nullable(),
  roles: z.array(z.string()),
  status: AccountStatus,
  isEmailVerified: z.boolean(),
  hasSecondFactor: z.boolean(),
  createdAt: Time,
  seenAt: Time.nullable(),
})
export type AccountView = z.infer<typeof AccountView>
export const AccountDetail = AccountView.extend({
  suspension: z.strictObject({ reason: z.string(), until: Time.nullable() }).nullable(),
  /** When it will be deleted, where its holder asked for that. */
  leavesAt: Time.nullable(),
  sessions: z.array(
    z.strictObject({ id: Id, device: z.string(), address: z.string(), createdAt: Time, seenAt: Time }),
  ),
  identities: z.array(z.string()),
  factors: z.strictObject({ hasPassword: z.boolean(), hasTotp: z.boolean(), passkeys: z.number().int() }),
  appPasswords: z.number().int(),
  /** What the caller may do with it. */
  can: z.strictObject({ edit: z.boolean() }),
})
export type AccountDetail = z.infer<typeof AccountDetail>

export const listAccounts = defineRoute({
  method: 'GET',
  path: '/api/v1/admin/accounts',
  access: manage,
  summary: 'Accounts, newest first; by part of the name or address, role or state',
  query: PageQuery.extend({
    q: z.string().max(100).optional(),
    role: z.string().max(40).optional(),
    status: AccountStatus.optional(),
  }),
  result: pageOf(AccountView),
})
export const addAccount = defineRoute({
  method: 'POST',
  path: '/api/v1/admin/accounts',
  access: manage,
  summary: 'Open an account for somebody; a link to choose a password is mailed',
  body: z.strictObject({
    email: Email,
    username: Username,
    displayName: DisplayName.optional(),
    roles: z.array(z.string().max(40)).max(10).default(['member']),
  }),
  result: AccountDetail,
})
export const getAccount = defineRoute({
  method: 'GET',
  path: '/api/v1/admin/accounts/{id}',
  access: manage,
  summary: 'One account: factors, sessions, state',
  result: AccountDetail,
})
export const setAccountRoles = defineRoute({
  method: 'PUT',
  path: '/api/v1/admin/accounts/{id}/roles',
  access: manage,
  summary: 'Set the roles of an account; nobody gives what they do not have',
  body: z.strictObject({ roles: z.array(z.string().max(40)).max(10) }),
  result: AccountDetail,
})
export const suspendAccount = defineRoute({
  method: 'POST',
  path: '/api/v1/admin/accounts/{id}/suspend',
  access: manage,
  summary: 'Suspend an account, for a time or until it is lifted; ends its sessions at once',
  body: z.strictObject({
    reason: z.string().trim().max(500).default(''),
    /** Null: until somebody lifts it. */
    minutes: z.number().int().min(1).max(5_256_000).nullable().default(null),
  }),
  result: AccountDetail,
})
export const restoreAccount = defineRoute({
  method: 'POST',
  path: '/api/v1/admin/accounts/{id}/restore',
  access: manage,
  summary: 'Lift a suspension, or keep an account that was to be deleted',
  result: AccountDetail,
})
export const endAccountSessions = defineRoute({
  method: 'DELETE',
  path: '/api/v1/admin/accounts/{id}/sessions',
  access: manage,
  summary: 'Sign an account out everywhere',
  result: z.strictObject({ ended: z.number().int() }),
})
export const resetAccountFactors = defineRoute({
  method: 'DELETE',
  path: '/api/v1/admin/accounts/{id}/factors',
  access: manage,
  summary: 'Take away the second factors of somebody who lost them; ends the sessions and tells them by mail',
  result: AccountDetail,
})
export const mailPasswordLink = defineRoute({
  method: 'POST',
  path: '/api/v1/admin/accounts/{id}/password-link',
  access: manage,
  summary: 'Mail the account a link to set a new password',
})
export const removeAccount = defineRoute({
  method: 'DELETE',
  path: '/api/v1/admin/accounts/{id}',
  access: manage,
  summary: 'Delete an account for good, at once',
})

export const Invitation = z.strictObject({
  id: Id,
  role: z.string(),
  /** For whom, in words; only the inviters read it. */
  note: z.string(),
  maxUses: z.number().int(),
  uses: z.number().int(),
  expiresAt: Time.nullable(),
  createdAt: Time,
  createdBy: z.string().nullable(),
  state: z.enum(['open', 'used-up', 'expired']),
})
export type Invitation = z.infer<typeof Invitation>
export const listInvitations = defineRoute({
  method: 'GET',
  path: '/api/v1/admin/invitations',
  access: invite,
  summary: 'Invitations, newest first',
  query: PageQuery,
  result: pageOf(Invitation),
})
export const createInvitation = defineRoute({
  method: 'POST',
  path: '/api/v1/admin/invitations',
  access: invite,
  summary: 'Make an invitation link with a role, an end and a number of uses; the link is shown only now',
  body: z.strictObject({
    role: z.string().max(40).default('member'),
    note: z.string().trim().max(200).default(''),
    maxUses: z.number().int().min(1).max(10_000).default(1),
    /** Null: no end. */
    expiresInDays: z.number().int().min(1).max(3650).nullable().default(14),
    /** Mails the link, too. */
    email: Email.optional(),
  }),
  result: Invitation.extend({ url: z.string() }),
})
export const removeInvitation = defineRoute({
  method: 'DELETE',
  path: '/api/v1/admin/invitations/{id}',
  access: invite,
  summary: 'Take an invitation back',
})
/** For the page that an invitation link opens. */
export const lookAtInvitation = defineRoute({
  method: 'POST',
  path: '/api/v1/auth/invitation',
  access: 'public',
  summary: 'What an invitation link is good for',
  body: z.strictObject({ token: LinkToken }),
  result: z.strictObject({
    isGood: z.boolean(),
    role: z.string().nullable(),
    invitedBy: z.string().nullable(),
  }),
  perMinute: 60,
})
