import { defineProblem } from '#contract'

export const importBusy = defineProblem({
  name: 'catalog.import-busy',
  status: 409,
  title: 'Another import of this site runs; start this one when that is done.',
})
export const importStopped = defineProblem({
  name: 'catalog.import-stopped',
  status: 409,
  title: 'The import was stopped; run the same command again to go on from there.',
})
