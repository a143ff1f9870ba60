/** All that is loaded with the first sound. */
export { PlayerBar } from './bar/PlayerBar.tsx'
export * from './listen/desk.ts'
