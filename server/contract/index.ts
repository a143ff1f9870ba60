/** Isomorphic words shared by server, web and plugins: zod and the `define…` functions. Imports nothing else. */
export { z } from 'zod'
export * as admin from './admin/index.ts'
export * as identity from './identity/index.ts'
export * from './money.ts'
export * from './problems.ts'
export * from './route.ts'
export * from './tokens.ts'
export * from './values.ts'
