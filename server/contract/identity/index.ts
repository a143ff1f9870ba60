/** Accounts, sign-in, factors and what may go wrong with them. */
export * from './account.ts'
export * from './events.ts'
export * from './external.ts'
export * from './factors.ts'
export * from './problems.ts'
export * from './recovery.ts'
export * from './sign-in.ts'
