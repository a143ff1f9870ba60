export { createEvents, type EventSystem } from './events.ts'
