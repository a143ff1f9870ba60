export { askNode } from './ask-node.ts'
export { type GuardOptions, guardedFetch } from './guarded-fetch.ts'
export { publicAddress } from './public-address.ts'
