/** What who runs the label may do with accounts; each can be given to other roles. */
export const identityPermissions = {
  'identity.invite': {
    title: 'Invite people, with any role that may do no more than oneself',
    roles: ['owner', 'admin'],
  },
  'identity.manage-accounts': {
    title: 'See, suspend, restore and delete accounts, and set their roles',
    roles: ['owner', 'admin'],
  },
  'identity.manage-roles': { title: 'Make roles and set what they may do', roles: ['owner'] },
  'identity.read-audit': { title: 'Read, prove and export the audit log', roles: ['owner', 'admin'] },
  'identity.ban-addresses': { title: 'Keep addresses out, or let them in', roles: ['owner', 'admin'] },
  'identity.manage-sign-in': { title: 'Set which other accounts may be signed in with', roles: ['owner'] },
}
