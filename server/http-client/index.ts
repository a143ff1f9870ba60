export { type GuardOptions, guardedFetch } from './guarded-fetch.ts'
