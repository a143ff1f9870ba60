/** What who runs the label sees and does. */
export * from './appliance.ts'
export * from './people.ts'
export * from './roles.ts'
export * from './security.ts'
